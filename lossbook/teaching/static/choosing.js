// The table of all losses: sorted by a click on a head, filtered by task.
const prepare = (box) => {
  const body = box.querySelector("tbody"), rows = [...body.rows];
  const heads = [...box.querySelectorAll("thead th")];

  heads.forEach((head, column) => {
    if (!("sort" in head.dataset)) return;
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending", sign = down ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.ariaSort = down ? "descending" : "ascending";
      const key = (row) => row.cells[column].dataset.key;
      body.append(...rows.toSorted((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (!x || !y) return !x - !y; // a question that does not apply goes last, either way
        const [p, q] = [x, y].map((k) => Number(k.replace("inf", "Infinity")));
        return sign * (isNaN(p) || isNaN(q) ? x.localeCompare(y, "en") : p === q ? 0 : p - q);
      }));
    });
  });

  const bar = document.createElement("div"), select = document.createElement("select");
  const label = document.createElement("label"), count = document.createElement("span");
  bar.className = "loss-table-bar";
  count.setAttribute("role", "status");
  const tasks = [...new Set(rows.map((row) => row.dataset.task))];
  select.append(...["all tasks", ...tasks].map((task) => new Option(task)));
  label.append("Show ", select);
  bar.append(label, count);
  box.prepend(bar);
  const filter = () => {
    for (const row of rows) row.hidden = select.selectedIndex > 0 && row.dataset.task !== select.value;
    count.textContent = `${rows.filter((row) => !row.hidden).length} losses`;
  };
  select.addEventListener("change", filter);
  filter();
};
// when the reader comes near: a select that is added to a table far away makes the browser lay all of it out
const tables = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    tables.unobserve(target);
    prepare(target);
  }
}, { rootMargin: "800px" });
for (const box of document.querySelectorAll(".loss-table")) tables ? tables.observe(box) : prepare(box);

// The guide: the address of the page follows the answers.
for (const guide of document.querySelectorAll(".loss-guide")) {
  const read = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !guide.contains(target)) return;
    for (let d = target.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    const show = () => target.closest("details").scrollIntoView();
    show();
    // what stands above it is laid out anew when the page and its fonts have come
    if (document.readyState !== "complete") addEventListener("load", () => document.fonts.ready.then(show), { once: true });
  };
  read();
  addEventListener("hashchange", read);
  guide.addEventListener("toggle", () => { // the deepest answer that can be seen
    let place = guide;
    for (let next; (next = place.querySelector(":scope > details[open] > div")); ) place = next;
    const view = place === guide ? location.href.split("#")[0] : `#${place.id}`;
    try { history.replaceState(history.state, "", view); } catch { /* file:// in some browsers */ }
  }, true);
}
