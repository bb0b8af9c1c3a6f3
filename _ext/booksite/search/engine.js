// The engine of the search: how a query finds sections. It runs in Node when the book is built (build.js), and in the
// browser once the reader opens the search (_static/search.js). The words are those of words.js.
globalThis.SearchEngine = (() => {
  "use strict";
  const { words, stem, counts, matters, links, phrase, gist, question, LETTERS, SHORT, STOP } = SearchWords;
  const FIELDS = { title: 5, names: 1.5, above: 1, text: 1, asked: 3 };
  const options = {
    fields: Object.keys(FIELDS),
    tokenize: (text) => [...words(text)].flatMap(({ whole, parts }) => [whole, ...parts].filter(counts)),
    processTerm: (word, field) => (field === "text" && (STOP.has(word) || SHORT.test(word)) ? null : stem(word)),
    searchOptions: { boost: FIELDS, bm25: { k: 1.2, b: 0.4, d: 0.5 }, tokenize: (text) => [text], processTerm: (word) => word },
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

  const LONGEST = 40, SYNONYM = 0.5, PHRASE = 1, TITLED = 0.6, BEGUN = 0.8, PART = 0.35, GUESS = 0.5, MUCH = 0.8, MOST = 4, OWN = 0.25;

  class Search {
    constructor({ pages, sections, synonyms, asked, index }) {
      Object.assign(this, { pages, sections, mini: unpack(index), terms: new Set(index.index.map(([term]) => term)), known: new Map() });
      // of each word or phrase, as stems, the others of its group; and of what a whole query may say
      this.synonyms = new Map();
      this.questions = new Map();
      for (const group of synonyms) {
        const all = group.map(phrase);
        for (const [i, one] of all.entries()) {
          const key = one.join(" "), others = all.filter((other) => other !== one || !one.every(matters));
          this.synonyms.set(key, [...(this.synonyms.get(key) || []), ...others]);
          this.questions.set(gist(group[i]), all);
        }
      }
      this.phrases = sections.map(([, , title], id) => [title, ...(asked[id] || [])].map((one) => ` ${phrase(one).join(" ")} `).join("|"));
      // the words of each title, and of the other ways to ask; a term of the glossary has several names
      this.titles = sections.map(([page, , title], id) => [...this.names(page, title), ...(asked[id] || [])].map((name) => {
        const own = name.split(".").at(-1) || name; // of an object of the package
        return [...words(own === name || /\s/.test(name) ? name : own)].map((w) => w.whole).filter(matters).map(stem);
      }));
    }

    names(page, title) {
      return this.pages[page][0].endsWith("glossary") ? title.split(", ") : [title];
    }

    // The words of a query that matter; where none does, all of them, to be looked for in titles.
    parsed(query) {
      const said = [...words(question(query))].flatMap((word) => this.parted(word)).reduce((all, word) => this.joined(all, word), []);
      const once = [...new Map(said.map((word) => [word.whole, word])).values()], all = once.filter(({ whole }) => matters(whole));
      return { said, words: (all.length ? all : once).slice(0, LONGEST), titles: !all.length };
    }

    // A word that the book has, or else the words of which it is made: learning_rate_warmup, labelsmoothing.
    parted(word) {
      const { whole, parts } = word, alone = (part) => ({ ...word, whole: part, parts: [] });
      if (!matters(whole) || this.has(whole) || this.synonyms.has(stem(whole))) return [word];
      const counted = parts.filter(counts);
      if (counted.length && counted.every((part) => this.synonyms.has(stem(part)) || (part.length > 2 && (!matters(part) || this.has(part))))) return counted.map(alone);
      for (let i = 4; i < whole.length - 3 && LETTERS.test(whole); i++) {
        const halves = [whole.slice(0, i), whole.slice(i)];
        if (halves.every((half) => matters(half) && this.has(half))) return halves.map(alone);
      }
      return [{ ...alone(whole), name: parts.length > 0 }];
    }
    // The words of a query with one more, which is one with the last if the book mostly writes it so: cross entropy.
    joined(said, word) {
      const last = said.at(-1), whole = last && last.whole + word.whole;
      if (!last || !matters(last.whole) || !matters(word.whole) || !this.has(whole)) return [...said, word];
      const both = this.where({ queries: [last, word].map((one) => stem(one.whole)), combineWith: "AND" });
      const one = { ...last, whole, parts: [last.whole, word.whole] };
      return this.where(stem(whole)).length < both.length / 2 ? [...said, word] : [...said.slice(0, -1), one];
    }
    has(word) {
      return this.terms.has(stem(word));
    }

    // Where a word or a query of several stands, as MiniSearch says; what was asked lately is kept, for who types on.
    where(query) {
      const asked = typeof query === "string" ? { queries: [query] } : query, key = JSON.stringify(asked);
      if (!this.known.has(key)) this.known.set(key, this.mini.search(asked).map(({ id, score, queryTerms, terms }) => ({ id, score: score / queryTerms.length, terms })));
      return this.known.get(key);
    }

    // What stands for a word, and how well: its stem and its synonyms; while it is being typed, what begins with it; of a
    // number those beside it, by which readers round otherwise.
    alternatives({ whole }, typed) {
      const own = [...new Set([whole, whole.replace(/_/g, "")])].map((word) => [stem(word), 1]);
      const begun = (typed && whole.length > 1) || SHORT.test(whole) ? [[{ queries: [whole], prefix: true }, BEGUN]] : [];
      const beside = /\.\d{3}$/.test(whole) ? [-0.001, 0.001].map((step) => [(+whole + step).toFixed(3), SYNONYM]) : [];
      return [...own, ...this.others(stem(whole), SYNONYM), ...begun, ...beside];
    }
    others(key, boost) {
      return (this.synonyms.get(key) || []).map((queries) => {
        const all = { queries: queries.filter(counts), combineWith: "AND" };
        return queries.every(matters) ? [all, boost] : [{ ...all, fields: ["title", "asked"] }, boost * TITLED, ` ${queries.join(" ")} `]; // texts are indexed without stop words
      });
    }
    // For a word that the book does not have, and that is no name: one in which two letters have changed places; those that
    // differ by a letter or two, or begin alike.
    near({ whole, name }) {
      if (whole.length < 4 || name || !LETTERS.test(whole)) return [];
      const swapped = [...whole.slice(1)].map((_, i) => whole.slice(0, i) + whole[i + 1] + whole[i] + whole.slice(i + 2));
      const exact = swapped.filter((word) => matters(word) && this.has(word)).map(stem);
      const alike = (more) => this.where({ queries: [stem(whole)], ...more }).flatMap(({ terms }) => terms).filter((term) => term[0] === whole[0]);
      const terms = exact.length ? exact : alike({ fuzzy: whole.length > 7 ? 2 : 1 });
      return [...new Set(terms.length ? terms : this.begunAs(whole))].map((term) => [term, 1]);
    }
    begunAs(word) {
      let best = [], least = Infinity;
      for (const term of this.terms) {
        let same = 0;
        while (same < term.length && term[same] === word[same]) same++;
        const apart = word.length + term.length - 2 * same; // letters that they do not share
        if (same < Math.max(4, word.length / 2) || apart > least) continue;
        best = apart < least ? [term] : [...best, term];
        least = apart;
      }
      return best;
    }

    // Of each section the best of what stands there for a word: id -> { score, terms }.
    best(alternatives) {
      const best = new Map();
      for (const [query, boost, row] of alternatives)
        for (const { id, score, terms } of this.where(query)) {
          if (row && !this.phrases[id].includes(row)) continue;
          if (!best.has(id)) best.set(id, { score: 0, terms: [] });
          const hit = best.get(id);
          hit.score = Math.max(hit.score, boost * score);
          hit.terms.push(...terms);
        }
      return best;
    }

    // The sections for a query, best first: [{ id, score, stems }], where stems are those to be marked.
    find(query, { typing = false } = {}) {
      if (this.known.size > 500) this.known.clear();
      const { said, words: asked, titles } = this.parsed(query), last = said.at(-1)?.whole;
      if (!asked.length) return [];
      if (titles) {
        const each = asked.map(({ whole }) => ({ queries: [stem(whole)], prefix: (whole.length === 1 && asked.length === 1) || (typing && whole === last) }));
        const hits = this.mini.search({ combineWith: "AND", queries: each }, { fields: ["title"] });
        const covered = ({ id }) => Math.min(1, asked.length / this.sections[id][2].split(/\s+/).length); // much of a short title
        return this.ranked(query, new Map(asked.map(({ whole }) => [stem(whole), { telling: 1, stems: [stem(whole)] }])),
          new Map(hits.map((hit) => [hit.id, { score: hit.score, covered: covered(hit), stems: new Set(hit.terms) }])));
      }
      // of each word how much it tells (a rare one more than one that stands everywhere), and what is taken for it
      const told = new Map(), found = new Map();
      const add = (hits, words, telling, share = 1, phrase = false) => {
        for (const [id, { score, terms }] of hits) {
          if (!found.has(id)) found.set(id, { score: 0, phrase: 0, covers: new Map(), stems: new Set() });
          const hit = found.get(id), more = score * share * Math.min(1, telling / MOST);
          hit.score += phrase ? Math.max(0, more - hit.phrase) : more; // of phrases that overlap the best
          if (phrase) hit.phrase = Math.max(hit.phrase, more);
          for (const word of words) hit.covers.set(word, Math.max(hit.covers.get(word) || 0, share));
          terms.forEach((term) => hit.stems.add(term));
        }
      };
      const tells = (sections) => Math.min(MOST, Math.log(1 + this.sections.length / sections));
      for (const word of asked) {
        const key = stem(word.whole), parts = this.best(word.parts.filter(matters).map((part) => [stem(part), 1]));
        let hits = this.best(this.alternatives(word, typing && word.whole === last)), sure = 1, stems = [key];
        if (!hits.size && !parts.size) {
          const near = this.near(word);
          [hits, sure, stems] = [this.best(near), GUESS, near.map(([term]) => term)];
        }
        const place = Math.max(0, ...[...hits.keys(), ...parts.keys()].map((id) => this.sections[id][4])); // not only in a solution
        const often = hits.size || parts.size || Infinity, own = this.where(key).length || often; // by its row, and by itself
        const telling = sure * Math.min(1, 2 * place) * (OWN * tells(own) + (1 - OWN) * tells(often));
        told.set(key, { telling, stems });
        add(hits, [key], telling);
        add(parts, [key], telling, PART);
      }
      const all = [...told.keys()], little = [...told.values()].every(({ telling }) => telling < 1);
      if (little && all.some((key) => !told.get(key).telling)) return []; // "loss" of the loss that the book does not have
      const sum = (words) => words.reduce((all, word) => all + (told.get(word)?.telling || 0), 0);
      const row = said.flatMap(({ whole, parts }) => (whole.includes("_") ? parts : whole)).filter((word) => !links(word));
      for (let n = 2; n < 5; n++)
        for (let i = 0; i + n <= row.length; i++) {
          const together = row.slice(i, i + n), part = together.map(stem), hits = this.best(this.others(part.join(" "), PHRASE));
          if (!hits.size) continue;
          const words = part.filter((word) => told.has(word));
          if (!together.every(matters)) // "converge" of "does not converge" tells no more than the phrase
            for (const word of words) told.get(word).telling = Math.min(told.get(word).telling, tells(hits.size));
          add(hits, words, sum(words) || 1, 1, true);
        }
      const whole = sum(all);
      for (const hit of found.values())
        hit.covered = whole ? all.reduce((part, word) => part + told.get(word).telling * (hit.covers.get(word) || 0), 0) / whole : 0;
      const same = this.questions.get(gist(question(query))) || [];
      return this.ranked(query, told, found, same);
    }

    // By what was found, how many of the words, the sort of section, and whether its title holds or is what was asked.
    ranked(query, told, found, same = []) {
      const bare = (text) => text.toLowerCase().replace(/^[\d.●\s]+|[?.!\s]+$/g, "").replace(/^(?:the|an?) |[\s_‐‑-]/g, "");
      const exact = bare(query.trim()), words = query.trim().split(/\s+/).length, wanted = [...told.values()];
      // how much of what is asked stands in a title, "nan" of "my loss is nan" more than "loss"
      const tell = (some) => some.reduce((sum, { telling }) => sum + telling ** 2, 0);
      const held = (all, title) => (title.length && all.every((s) => title.includes(s)) ? Math.min(1, all.length / title.length) : 0);
      const much = (title) => {
        const asked = wanted.filter(({ stems }) => stems.some((s) => title.includes(s))), share = tell(asked) / tell(wanted);
        return title.length && share > MUCH ? share * Math.min(1, asked.length / title.length) : 0;
      };
      const hits = [...found].map(([id, { score, covered, stems }]) => {
        const [page, , name, , weight] = this.sections[id], titles = this.titles[id];
        const is = this.names(page, name).some((one) => bare(one) === exact);
        const alike = same.some((all) => all.length > 1 && titles.some((title) => held(all.filter(matters), title) === 1));
        const bonus = is ? (exact.includes(".") ? 20 : 8) : Math.max(1 + 2 * Math.max(...titles.map(much)), alike ? (words > 1 ? 4 : 2) : 0);
        return { id, stems, score: score * weight * bonus * covered };
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
