// The engine of the search: how a text is cut into words, and how a query finds sections. It runs in Node when the book
// is built (build.js), and in the browser once the reader opens the search (_static/search.js).
globalThis.SearchEngine = (() => {
  "use strict";
  const FIELDS = { title: 5, names: 3, above: 1, text: 1 };
  const STOP = new Set(("a about after again all also am an and any are as at be because become becomes been before being but by can could did do " +
    "does doing dont each else ever few for from get gets give given go had has have having he her here his how i if in instead into is " +
    "it its just like make many may me might more most much must my need no not now of off on one only or other our out over " +
    "please shall she should so some such than that the their them then there these they this those through to too under " +
    "up use used using versus very vs want was we were what when where whether which while who whom why will with work would you " +
    "your").split(" "));
  const GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau " +
    "upsilon phi chi psi omega").split(" ");
  // what TeX writes besides the letters and words of a formula
  const TEX = /\\(?:[dt]?frac|sqrt|hat|bar|tilde|vec|left|right|big[lr]?|math[a-z]+|operatorname|text[a-z]*|begin|end|q?quad|[ct]?dots?|times|top|le|ge|ll|gg|in|to)(?![a-z])/gi;

  const MODULES = /\b(?:[a-z_]\w*\.)+(?=[a-z_])/gi; // nn.functional.mse_loss
  const LOSS = /\b(?:loss|cost) functions?\b/gi; // says no more than "loss"

  const stems = new Map([["divergence", "divergence"], ["divergences", "divergence"]]); // not what a loss does that diverges
  const stem = (word) => {
    if (!stems.has(word)) {
      const american = word.replace(/([^aeiou])is(e|es|ed|ing|ation)$/, "$1iz$2").replace(/(.{3})our(s|ed)?$/, "$1or$2");
      stems.set(word, /^[a-z]+$/.test(word) ? stemmer(american) : word);
    }
    return stems.get(word);
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[α-ω]/g, (letter) => ` ${GREEK[letter.codePointAt(0) - 945]} `);

  // Each word of a text and where it stands. A name of code, or a word with a hyphen, is a word whole and in its parts.
  function* words(text) {
    for (const match of text.matchAll(/[\p{L}\p{N}\p{M}_]+(?:[-‐‑][\p{L}\p{N}]+)*(?:\+\+|#)?/gu)) {
      const name = plain(match[0]).replace(/^[_ ]+|[_ ]+$/g, "");
      const humps = name.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$2 "); // Safari 15 cannot look behind
      const parts = humps.split(/[-‐‑_ ]+/).map((part) => part.toLowerCase());
      const whole = name.replace(/[-‐‑ ]/g, "").toLowerCase();
      if (whole) yield { at: match.index, end: match.index + match[0].length, whole, parts: parts.filter((p) => p !== whole) };
    }
  }
  const counts = (word) => word.length > 1 && !/^\d{1,2}$/.test(word);
  const matters = (word) => counts(word) && !STOP.has(word);

  const options = {
    fields: Object.keys(FIELDS),
    tokenize: (text) => [...words(text)].flatMap(({ whole, parts }) => [whole, ...parts].filter(counts)),
    processTerm: (word, field) => (field === "text" && STOP.has(word) ? null : stem(word)),
    searchOptions: { boost: FIELDS, tokenize: (text) => [text], processTerm: (word) => word },
  };

  // An index as MiniSearch writes it, with differences in place of the numbers of sections: a third lighter on the wire.
  const pack = (mini) => {
    const { index, documentIds, fieldLength, ...rest } = JSON.parse(JSON.stringify(mini));
    const postings = (ids) => {
      let last = -1;
      return Object.entries(ids).flatMap(([id, times]) => {
        const step = id - last;
        last = +id;
        return times > 1 ? [-step, times] : [step];
      });
    };
    const packed = index.map(([term, fields]) => [term, ...Object.entries(fields).map(([f, ids]) => [+f, ...postings(ids)])]);
    return { ...rest, lengths: Object.values(fieldLength), index: packed };
  };
  const unpack = ({ index, lengths, ...rest }) => {
    const postings = ([field, ...numbers]) => {
      const ids = {};
      for (let i = 0, id = -1; i < numbers.length; i++) {
        id += Math.abs(numbers[i]);
        ids[id] = numbers[i] < 0 ? numbers[++i] : 1;
      }
      return [field, ids];
    };
    return MiniSearch.loadJS({
      ...rest,
      documentIds: Object.fromEntries(lengths.map((_, id) => [id, id])),
      fieldLength: Object.fromEntries(lengths.entries()),
      index: index.map(([term, ...fields]) => [term, Object.fromEntries(fields.map(postings))]),
    }, options);
  };

  // The words of a query that matter; where none does, all of them, to be looked for in titles.
  const LONGEST = 40, PART = 0.35, MUCH = 0.7, TELLS = 2.5;
  const parsed = (query) => {
    const found = [...words(query.slice(0, 1000).replace(TEX, " ").replace(MODULES, "").replace(LOSS, "loss").replace(/\\/g, " "))];
    const once = [...new Map(found.map((word) => [word.whole, word])).values()];
    const all = once.filter(({ whole }) => matters(whole));
    const last = found.at(-1)?.whole;
    return { said: found.map(({ whole }) => stem(whole)), words: (all.length ? all : once).slice(0, LONGEST), last, titles: !all.length };
  };

  class Search {
    constructor({ pages, sections, synonyms, index }) {
      Object.assign(this, { pages, sections, mini: unpack(index) });
      // of each word or phrase, as stems, the others of its group
      this.synonyms = new Map();
      for (const group of synonyms) {
        const phrases = group.map((phrase) => [...words(phrase)].map(({ whole }) => stem(whole)));
        for (const phrase of phrases) {
          const key = phrase.join(" "), others = phrases.filter((other) => other !== phrase);
          this.synonyms.set(key, [...(this.synonyms.get(key) || []), ...others]);
        }
      }
      // the words of each title; a term of the glossary has several names
      this.titles = sections.map(([page, , title]) => this.names(page, title).map((name) => {
        const own = name.split(".").at(-1) || name; // of an object of the package
        return [...words(own === name || /\s/.test(name) ? name : own)].map((w) => w.whole).filter(matters).map(stem);
      }));
    }

    names(page, title) {
      return this.pages[page][0].endsWith("glossary") ? title.split(", ") : [title];
    }

    // What stands for a word: its stem and its synonyms; while it is being typed, what begins with it.
    alternatives({ whole }, typed) {
      const begun = typed && whole.length > 1 ? [{ queries: [whole], prefix: true, boostTerm: () => 0.8 }] : [];
      const own = [...new Set([whole, whole.replace(/_/g, "")])].map((word) => ({ queries: [stem(word)], boostTerm: () => 1 }));
      return [...own, ...this.others(stem(whole), 0.5), ...begun];
    }
    others(key, boost) {
      return (this.synonyms.get(key) || []).map((queries) => ({
        queries, combineWith: "AND", boostTerm: () => boost,
        ...(queries.every(matters) ? {} : { fields: ["title"] }), // texts are indexed without their stop words
      }));
    }
    // A word that the book does not have: those that differ by a letter or two, or begin alike.
    near({ whole }) {
      const fuzzy = { queries: [stem(whole)], fuzzy: whole.length > 7 ? 2 : 1, boostTerm: () => 0.6 };
      const begun = { queries: [whole.slice(0, Math.max(4, whole.length - 4))], prefix: true, boostTerm: () => 0.5 };
      return whole.length > 4 ? this.ask([fuzzy, begun]) : [];
    }
    ask(queries, more) {
      return queries.length ? this.mini.search({ combineWith: "OR", queries }, more) : [];
    }

    // The sections for a query, best first: [{ id, score, stems }], where stems are those to be marked.
    find(query, { typing = false } = {}) {
      const { said, words: asked, last, titles } = parsed(query);
      if (!asked.length) return [];
      if (titles) {
        const each = asked.map(({ whole }) => ({ queries: [stem(whole)], prefix: whole.length === 1 || (typing && whole === last) }));
        const hits = this.mini.search({ combineWith: "AND", queries: each }, { fields: ["title"] });
        return this.ranked(query, new Map(said.map((s) => [s, 1])), new Map(hits.map((hit) => [hit.id, { score: hit.score, covered: 1, stems: new Set(hit.terms) }])));
      }
      const found = new Map();
      const add = (hits, telling, covered = new Set()) => {
        for (const { id, score, queryTerms, terms } of hits) {
          if (!found.has(id)) found.set(id, { score: 0, covered: 0, stems: new Set() });
          const hit = found.get(id);
          hit.score += (score / queryTerms.length) * Math.min(1, telling / TELLS); // MiniSearch counts each alternative that is met
          if (!covered.has(id)) hit.covered += telling;
          terms.forEach((term) => hit.stems.add(term));
        }
      };
      let all = 0; // what the words tell that the book has: a rare one more than one that stands everywhere
      const tells = new Map();
      for (const word of asked) {
        const parts = this.ask(word.parts.filter(matters).map((part) => ({ queries: [stem(part)], boostTerm: () => PART })));
        let hits = this.ask(this.alternatives(word, typing && word.whole === last));
        if (!hits.length && !parts.length) hits = this.near(word);
        const telling = Math.log(1 + this.sections.length / (hits.length || parts.length || Infinity));
        tells.set(stem(word.whole), telling);
        add(hits, telling);
        const whole = new Set(hits.map(({ id }) => id));
        add(parts, telling * (hits.length ? PART : 1), whole);
        all += telling;
      }
      for (let n = 2; n < 5; n++) // phrases that have synonyms
        for (let i = 0; i + n <= said.length; i++)
          add(this.ask(this.others(said.slice(i, i + n).join(" "), 1.6)), all / asked.length);
      for (const hit of found.values()) hit.covered = Math.min(1, hit.covered / all);
      const same = this.synonyms.get(said.join(" ")) || []; // of the whole query
      return this.ranked(query, tells, found, same);
    }

    // By what was found, how many of the words, the sort of section, and whether its title holds or is what was asked.
    ranked(query, tells, found, same = []) {
      const exact = query.trim().toLowerCase(), words = exact.split(/\s+/).length, wanted = [...tells.keys()];
      // how much of what is asked stands in a title, "nan" of "my loss is nan" more than "loss"
      const told = (stems) => stems.reduce((sum, s) => sum + tells.get(s) ** 2, 0);
      const held = (all, title) => (title.length && all.every((s) => title.includes(s)) ? Math.min(1, all.length / title.length) : 0);
      const much = (title) => {
        const asked = wanted.filter((s) => title.includes(s)), share = told(asked) / told(wanted);
        return title.length && share > MUCH ? share * Math.min(1, asked.length / title.length) : 0;
      };
      const hits = [...found].map(([id, { score, covered, stems }]) => {
        const [page, , name, , weight] = this.sections[id], titles = this.titles[id];
        const is = this.names(page, name).some((one) => one.replace(/^[\d.●\s]+/, "").toLowerCase() === exact);
        const alike = same.some((all) => all.length > 1 && titles.some((title) => held(all.filter(matters), title) === 1));
        const bonus = is ? (exact.includes(".") ? 20 : 8) : Math.max(1 + 2 * Math.max(...titles.map(much)), alike ? (words > 1 ? 4 : 2) : 0);
        return { id, stems, score: score * weight * bonus * covered ** 1.5 };
      });
      const seen = new Set(); // what stands in several places, such as a cause under two symptoms, is one hit
      const first = ({ id }) => !seen.has(this.sections[id][5] ?? id) && seen.add(this.sections[id][5] ?? id);
      hits.sort((a, b) => b.score - a.score || a.id - b.id);
      return hits.filter(({ score }) => score > hits[0].score / 50).filter(first);
    }
  }

  // A text in pieces [text, is it marked]: all of it, or so many letters around where most of the stems stand.
  const marked = (text, stems, length = Infinity) => {
    const hits = [...words(text)].filter(({ whole, parts }) => [whole, ...parts].some((w) => matters(w) && stems.has(stem(w))));
    let from = 0, to = Math.min(text.length, length);
    if (text.length > length && hits.length) {
      const kinds = (i) => {
        const near = hits.slice(i).filter(({ end }) => end <= hits[i].at + length * 0.8);
        return new Set(near.map(({ whole }) => stem(whole))).size + near.length / 100;
      };
      const best = hits.map((_, i) => i).reduce((a, b) => (kinds(b) > kinds(a) ? b : a), 0);
      const before = text.slice(0, hits[best].at), sentence = before.search(/[.?!:] [^.?!:]*$/) + 1;
      from = hits[best].at - sentence < length / 3 ? sentence : Math.max(0, hits[best].at - length / 4);
      from = Math.max(0, Math.min(from, text.length - length));
      if (from && from !== sentence) from = text.indexOf(" ", from) + 1;
      to = from + length;
    }
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), from + 1);
    const pieces = [];
    let at = from;
    for (const hit of hits.filter((h) => h.at >= from && h.end <= to)) {
      pieces.push([text.slice(at, hit.at), false], [text.slice(hit.at, hit.end), true]);
      at = hit.end;
    }
    pieces.push([text.slice(at, to), false]);
    if (from > 0) pieces.unshift(["… ", false]);
    if (to < text.length) pieces.push([" …", false]);
    return pieces.map(([piece, hit], i) => [i ? piece : piece.trimStart(), hit]).filter(([piece]) => piece);
  };

  return { Search, options, pack, marked };
})();
