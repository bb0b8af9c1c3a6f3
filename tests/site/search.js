// The search as a reader's browser has it, asked in Node: the folder of the site as argument, what to do on stdin.
const fs = require("node:fs"), path = require("node:path"), vm = require("node:vm");
const folder = path.join(process.argv[2], "_static", "search"), texts = {};
globalThis.searchTexts = (page, all) => { texts[page] = all; };
for (const name of fs.readdirSync(folder)) vm.runInThisContext(fs.readFileSync(path.join(folder, name), "utf-8"), name);
const { queries, typing } = JSON.parse(fs.readFileSync(0, "utf-8"));
const search = new SearchEngine.Search(searchBook), start = [];
search.sections.forEach(([page], id) => { start[page] ??= id; });
const section = (id) => {
  const [number, anchor, title, place] = search.sections[id], page = search.pages[number][0];
  return { page, anchor, title, place, text: texts[page][id - start[number]] };
};
const answers = queries.map((query) => {
  const began = process.cpuUsage(), hits = search.find(query, { typing }), { user, system } = process.cpuUsage(began);
  const ms = (user + system) / 1000; // of its own work: others may have the processor
  const shown = hits.slice(0, 40).map(({ id, stems, score }) => {
    const found = section(id);
    return { ...found, score, stems: [...stems], excerpt: SearchEngine.marked(found.text, stems, 170) };
  });
  return { query, ms, count: hits.length, hits: shown };
});
process.stdout.write(JSON.stringify({ answers, sections: search.sections.map((_, id) => section(id)) }));
