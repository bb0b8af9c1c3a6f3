// From stdin the scripts of the search and what the book says, to stdout the index.
const vm = require("node:vm"), { scripts, documents } = JSON.parse(require("node:fs").readFileSync(0, "utf-8"));
vm.runInThisContext(scripts);
const mini = new MiniSearch(SearchEngine.options);
mini.addAll(documents);
process.stdout.write(JSON.stringify(SearchEngine.pack(mini)));
