// How a text is cut into words, for the index and for a query; and what of a query is to be looked for.
globalThis.SearchWords = (() => {
  "use strict";
  const STOP = new Set(("a about after again all also am an and any anyone are as at be because become becomes been before being but by ca can case cases cause caused causes causing could did do " +
    "does doing due during each else ever example few for from get gets getting give given go going got had has have having he her here his how i if in instead into is issue " +
    "it its just keep keeps know like make many may me might more most much must my need no not now of off on one only or other our out over " +
    "please question really seem seems shall she should so some someone something such sudden suddenly than that the their them then there these they this those through tip tips to too tried try trying under " +
    "up use used using versus very vs want was we were what when where whether which while who whom why will with wo work would you " +
    "your").split(" "));
  const GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau " +
    "upsilon phi chi psi omega").split(" ");
  // what TeX writes besides the letters and words of a formula
  const TEX = /\\(?:[dt]?frac|sqrt|hat|bar|tilde|vec|left|right|big[lr]?|math[a-z]+|operatorname|text[a-z]*|begin|end|q?quad|[ct]?dots?|times|top|le|ge|ll|gg|in|to)(?![a-z])/gi;

  // What the rules of stems would take for diverge, transform, general, positive, mean, critic, normal, token, CLIP.
  const APART = /^(divergence|transformer|generator|position|meaning|critical|normaliz|tokeniz|clipping)(?:s|e|es|ed|er|ers|ing|ation)?$/;
  const stems = new Map();
  const stem = (word) => {
    if (!stems.has(word)) {
      const american = word.replace(/([^aeiou])is(e|es|ed|ing|ation)$/, "$1iz$2").replace(/(.{3})our(s|ed)?$/, "$1or$2").replace(/uctions?$/, "uce").replace(/balanced$/, "balance");
      stems.set(word, APART.exec(american)?.[1] ?? (/^[a-z]+$/.test(word) ? stemmer(american) : word));
    }
    return stems.get(word);
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[α-ω]/g, (letter) => ` ${GREEK[letter.codePointAt(0) - 945]} `);

  // Each word of a text and where it stands. A name of code, or a word with a hyphen, is a word whole and in its parts;
  // 2.3026 is 2.303, and 65,504 is 65504.
  const WORD = /(\d+\.\d+|\d{1,3}(?:,\d{3})+)(?![\p{L}\p{N}_])|[\p{L}\p{N}\p{M}_]+(?:[-‐‑][\p{L}\p{N}]+)*(?:\+\+|#)?/gu;
  function* words(text) {
    for (const match of text.matchAll(WORD)) {
      if (match[1]) {
        const number = match[1].replace(/,/g, ""), whole = /\.\d{4}/.test(number) && number > 0.1 ? (+number).toFixed(3) : number;
        yield { at: match.index, end: match.index + match[0].length, whole, parts: [] };
        continue;
      }
      const name = plain(match[0]).replace(/^[_ ]+|[_ ]+$/g, "");
      const humps = name.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$2 "); // Safari 15 cannot look behind
      const parts = humps.split(/[-‐‑_ ]+/).map((part) => part.toLowerCase());
      const whole = name.replace(/[-‐‑ ]/g, "").toLowerCase();
      if (whole) yield { at: match.index, end: match.index + match[0].length, whole, parts: parts.filter((p) => p !== whole) };
    }
  }
  const LETTERS = /^\p{L}+$/u, SHORT = /^\d+\.\d\d?$/; // 0.5 and its like stand everywhere
  const counts = (word) => word.length > 1 && !/^\d{1,2}$/.test(word);
  const matters = (word) => counts(word) && !STOP.has(word);

  // The stems of a phrase, which is one with these words and without.
  const LINKS = new Set("a an the my your our this is are was be been become becomes do does did of".split(" "));
  const links = (word) => LINKS.has(word);
  const phrase = (text) => [...words(text)].map(({ whole }) => whole).filter((word) => !links(word)).map(stem);
  const gist = (text) => phrase(text).filter((word) => word === "not" || matters(word)).join(" ");

  // What is pasted with a message: the calls that led to it and its kind, modules (nn.functional.mse_loss), shapes.
  const CALLS = /^.*\b[A-Z]\w*(?:Error|Exception|Warning): (?=.*\p{L}{3})/su;
  const PLACES = /\bFile "[^"]*", line \d+(?:, in \S+)?|\S+\.py\b|\bSize\(\[[\d, ]*\]\)/g;
  const MODULES = /\b(?:(?!loss\.)[a-z_]\w*\.)+(?=[a-z_])/gi;
  const LEFT_OUT = /(^|[\s=(:])[-−]100\b/g; // the label that PyTorch leaves out
  const NOT = /\b(ca|wo|do|does|did|is|are|was|were|has|have|would|could|should)n['’]?t\b/gi; // doesn't, isnt, can't
  const LOSS = /\b(?:loss|cost) functions?\b/gi, OBJECTIVE = /\bobjective functions?\b/gi; // says no more than "loss"
  const MEANWHILE = /\b(?:while|during|when|in) (?:the |my )?training\b/gi; // is of no matter where else a loss is watched
  const question = (query) => query.slice(-4000).replace(CALLS, "").slice(0, 1000).replace(PLACES, " ").replace(NOT, "$1 not")
    .replace(LEFT_OUT, "$1ignore_index").replace(TEX, " ").replace(MODULES, "").replace(LOSS, "loss").replace(OBJECTIVE, "objective").replace(MEANWHILE, "").replace(/\\/g, " ");

  return { words, stem, counts, matters, links, phrase, gist, question, LETTERS, SHORT, STOP };
})();
