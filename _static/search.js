// Results while the reader types, in the dialog that the theme opens (Ctrl+K, /) and on the page of the search. The index
// comes as a script when a field is first used, and the texts of a page with it for the excerpts: so it works from a
// folder too. (How the book is searched: _ext/booksite/search/engine.js.)
{
  const ROOT = new URL("..", document.currentScript.src);
  const FEW = 8, MANY = 40, LENGTH = innerWidth < 576 ? 120 : 170;
  const come = new Map(), texts = new Map(); // what was asked for, by its address; the texts of a page's sections
  const script = (path) => {
    if (!come.has(path)) come.set(path, new Promise((done, fail) => {
      const tag = document.createElement("script");
      Object.assign(tag, { src: new URL(path, ROOT), onload: done, onerror: () => { come.delete(path); tag.remove(); fail(); } });
      document.head.append(tag);
    }));
    return come.get(path);
  };
  let search;
  const open = async () => {
    await script("_static/search/index.js");
    return (search ??= new SearchEngine.Search(searchBook));
  };
  globalThis.searchTexts = (page, all) => texts.set(page, all);
  const textOf = async (id) => {
    const [number, ...section] = search.sections[id], [page, , version] = search.pages[number];
    await script(`_static/search/${page.replaceAll("/", "-")}.js?v=${version}`);
    return texts.get(page)[id - search.sections.findIndex(([of]) => of === number)] || "";
  };

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const pieces = (marked) => marked.map(([text, hit]) => (hit ? make("mark", {}, text) : text));

  class Field {
    constructor(form) {
      this.input = form.querySelector("input");
      this.dialog = form.closest("dialog");
      this.results = make(this.dialog ? "div" : "ol", { class: "search-results", id: this.dialog ? "search-options" : "search-results" });
      this.status = make("p", { class: "search-status", role: "status" });
      this.else = document.querySelector(".search-else");
      if (this.dialog) {
        this.set({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-options" });
        this.set({ role: "listbox", "aria-label": "Sections" }, this.results);
        this.all = make("a", { class: "search-all", href: new URL("search.html", ROOT), hidden: "" }, "All results");
        const close = make("button", { type: "button", class: "search-close", "aria-label": "Close the search" }, "✕");
        close.addEventListener("click", () => this.dialog.close());
        form.append(close);
        form.after(this.results, make("div", { class: "search-foot" }, this.status, this.all));
        this.input.addEventListener("keydown", (event) => this.key(event));
        // a hit in this page is no other page, which would close it
        this.results.addEventListener("click", (event) => event.target.closest("a") && !event.ctrlKey && !event.metaKey && this.dialog.close());
      } else {
        form.after(this.status, this.results);
        this.input.value = new URLSearchParams(location.search).get("q") || "";
        form.addEventListener("submit", (event) => { event.preventDefault(); this.ask(false); this.input.blur(); });
        if (this.input.value) this.ask(false);
      }
      this.input.addEventListener("focus", () => open().catch(() => {}));
      this.input.addEventListener("input", () => this.ask(true));
      if (document.activeElement === this.input) open().catch(() => {});
    }
    set(attributes, element = this.input) {
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    }

    async ask(typing) {
      const query = this.input.value.trim();
      if (!this.dialog) {
        const here = new URL(location.href);
        query ? here.searchParams.set("q", query) : here.searchParams.delete("q");
        if (here.href !== location.href) history.replaceState(history.state, "", here);
      }
      try {
        if (!search) this.say(query && "Loading the index …");
        await open();
      } catch {
        return this.say("The index of the search could not be loaded. Is there a network?");
      }
      if (query === this.input.value.trim()) this.show(query, query ? search.find(query, { typing }) : []);
    }
    say(text) {
      this.status.textContent = text;
    }
    show(query, hits) {
      const shown = hits.slice(0, this.dialog ? FEW : MANY);
      this.active = -1;
      this.results.replaceChildren(...shown.map((hit, i) => this.result(hit, i)));
      const many = hits.length === 1 ? "1 section" : hits.length > shown.length ? `The first ${shown.length} of ${hits.length} sections` : `${hits.length} sections`;
      const short = query.length > 60 ? `${query.slice(0, 60)}…` : query;
      this.say(!query ? "" : hits.length ? many : `No section was found for “${short}”.`);
      if (this.else) this.else.hidden = shown.length > 0;
      if (!this.dialog) return;
      this.set({ "aria-expanded": String(shown.length > 0) });
      this.input.removeAttribute("aria-activedescendant");
      this.all.hidden = !query;
      this.all.textContent = hits.length ? "All results" : "Other ways to find something";
      this.all.href = new URL(`search.html?q=${encodeURIComponent(query)}`, ROOT);
      this.results.scrollTop = 0;
    }
    result({ id, stems }, i) {
      const [number, anchor, title, path] = search.sections[id], [page, name] = search.pages[number];
      const href = new URL(`${page}.html${anchor && "#"}${anchor}`, ROOT);
      const excerpt = make("span", { class: "search-excerpt" });
      const place = anchor ? [name, path].filter(Boolean).join(" › ") : "the whole page";
      const link = make("a", { href }, make("span", { class: "search-title" }, ...pieces(SearchEngine.marked(title, stems))),
        make("span", { class: "search-place" }, place), excerpt);
      const cut = (text) => (text ? excerpt.replaceChildren(...pieces(SearchEngine.marked(text, stems, LENGTH))) : excerpt.remove());
      textOf(id).then(cut, () => excerpt.remove());
      if (!this.dialog) return make("li", {}, link);
      this.set({ role: "option", id: `search-option-${i}`, "aria-selected": "false", tabindex: "-1" }, link);
      return link;
    }

    key(event) {
      const options = [...this.results.children];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        options[this.active]?.setAttribute("aria-selected", "false");
        const places = options.length + 1; // and the field itself
        this.active = ((this.active + 1 + step + places) % places) - 1;
        const option = options[this.active];
        if (!option) return this.input.removeAttribute("aria-activedescendant");
        option.setAttribute("aria-selected", "true");
        this.set({ "aria-activedescendant": option.id });
        option.scrollIntoView({ block: "nearest" });
      } else if (event.key === "Enter" && options[this.active]) {
        event.preventDefault();
        options[this.active].click();
      }
    }
  }

  const fields = [...document.querySelectorAll("form.bd-search")].map((form) => new Field(form));
  // as Sphinx's own script has it, which would look for a field that is always there
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key !== "/" || typing || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const field = fields.find(({ dialog }) => !dialog) || fields[0];
    if (field.dialog && !field.dialog.open) field.dialog.showModal();
    field.input.focus();
  });
}
