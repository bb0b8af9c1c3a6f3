import numpy as np

with np.errstate(all="ignore"):
    x = np.array([0.0])
    outer = 0.5 / np.sqrt(x**2)  # infinite
    print("sqrt at zero", (0.5 / np.sqrt(x))[0])
    print("abs through sqrt", (outer * 2 * x)[0])

with np.errstate(divide="raise", invalid="raise", over="raise"):  # to search
    try:
        outer = 0.5 / np.sqrt(x)
    except FloatingPointError as error:
        print(error)
