"""What the book's makers run, each as a module from the project's folder: python -m tools.pdf"""
