// What a link of the text shows in its place: a citation, a term or an equation its card, a view its figure.
// book.js brings this when such a link is first met, and calls `inPlace` with what has happened to the link.
(() => {
  "use strict";
  const ROOT = new URL("../..", document.currentScript.src);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  // of a jump: blocks on the way are laid out when they come near, so that the first one may miss
  const again = (jump, times = 4) => {
    jump();
    if (times) requestAnimationFrame(() => again(jump, times - 1));
  };

  // ------------------------------------------------------------------ a view of a figure

  const ROOM = 64, EDGE = 8, FOOT = 60; // above what is seen of a page stands its header, below it the way back
  const views = [...document.querySelectorAll("a.view")];
  let back; // the way back to the text

  // What is to be seen: the drawing, with what stands under it up to the numbers, where the window has room for both.
  function seen(figure) {
    const drawing = [...figure.querySelectorAll("figure > svg")].find((svg) => svg.getClientRects().length);
    const { top, bottom } = (drawing || figure).getBoundingClientRect();
    const parts = [...figure.querySelectorAll(".lf-controls, .lf-readouts")].map((e) => e.getBoundingClientRect().bottom);
    const all = Math.max(bottom, ...parts);
    return { top, bottom: all - top <= innerHeight - ROOM - FOOT ? all : bottom };
  }
  const whole = ({ top, bottom }) => top >= ROOM - EDGE && bottom <= innerHeight;
  const toFigure = (figure) => {
    const { top, bottom } = seen(figure);
    const by = top < ROOM ? top - ROOM : bottom > innerHeight - FOOT ? Math.min(bottom - innerHeight + FOOT, top - ROOM) : 0;
    scrollBy({ top: by, behavior: "instant" });
  };
  const toText = (link, top) => {
    again(() => scrollBy({ top: link.getBoundingClientRect().top - top, behavior: "instant" }));
    link.focus({ preventScroll: true });
  };

  function put(figure, indices) {
    figure.controls.forEach((control, i) => { control.stop(); control.set(indices[i]); });
    figure.load();
  }

  function view(link) {
    const id = decodeURIComponent(link.hash.slice(1).split("?")[0]), figure = document.getElementById(id);
    if (!figure?.controls?.length) return location.assign(link.href);
    const wanted = new URLSearchParams(link.dataset.view), before = figure.controls.map((c) => c.index);
    const indices = figure.controls.map((c) => { // the others as they were at first: then the text is true
      const index = c.find(wanted.get(c.name));
      return index < 0 ? c.initial : index;
    });
    const { top } = link.getBoundingClientRect();
    if (indices.some((index, i) => index !== before[i]) || !whole(seen(figure))) // what moves, the figure or the page, Back undoes
      try { // some browsers allow none of a folder
        history.replaceState({ ...history.state, place: { id, before, top, link: views.indexOf(link) } }, "");
        history.pushState(null, "", link.href);
      } catch { /* then the browser's own way back leads elsewhere */ }
    put(figure, indices);
    figure.moved();
    const status = figure.querySelector(".lf-status");
    if (status) status.textContent = `The figure shows ${figure.controls.map((c) => `${c.label} ${c.text}`).join(", ")}.`;
    if (!whole(seen(figure))) {
      again(() => toFigure(figure));
      offerBack(figure, link, top);
    }
    const color = getComputedStyle(link).color;
    if (!still.matches) figure.animate([{ boxShadow: `0 0 0 3px ${color}` }, { boxShadow: "0 0 0 3px transparent" }], 900);
  }

  // Beside the figure, until its reader is in the text again or goes on from both.
  function offerBack(figure, link, top) {
    back?.remove();
    if (!("popover" in figure)) return;
    const button = make("button", { type: "button", class: "in-place-back", popover: "manual" }, "Back to the text");
    const place = () => {
      const { right, bottom } = figure.getBoundingClientRect(), { width, height } = button.getBoundingClientRect();
      button.style.left = `${Math.min(right, innerWidth - EDGE) - width}px`;
      let top = Math.min(bottom, innerHeight - EDGE) - height;
      for (const other of figure.querySelectorAll(".lf-actions > *")) { // it lies over no link of the figure
        const its = other.getBoundingClientRect();
        if (its.right > parseFloat(button.style.left) && its.bottom > top && its.top < top + height) top = its.top - height;
      }
      button.style.top = `${top}px`;
    };
    const remove = () => {
      const held = button.matches(":focus");
      removeEventListener("scroll", place);
      removeEventListener("resize", place);
      watch.disconnect();
      button.remove();
      if (held) link.focus({ preventScroll: true });
      back = null;
    };
    const inView = new Map([[link, false], [figure, true]]);
    const watch = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) inView.set(target, isIntersecting);
      if (inView.get(link) || !inView.get(figure)) remove();
    }, { rootMargin: `-${ROOM}px 0px 0px` });
    button.addEventListener("click", () => { remove(); toText(link, top); });
    figure.append(button);
    button.showPopover();
    back = { remove };
    again(place);
    addEventListener("scroll", place, { passive: true });
    addEventListener("resize", place);
    button.focus({ preventScroll: true });
    setTimeout(() => { if (button.isConnected) for (const target of inView.keys()) watch.observe(target); }, 200); // when the jump is done
  }

  // Back: to where the phrase stood in the window, and the figure as it was before.
  let restored = false;
  addEventListener("popstate", ({ state }) => {
    const { place, ...rest } = state || {}, link = views[place?.link], figure = place && document.getElementById(place.id);
    if (!link || !figure?.controls) return;
    history.replaceState(rest, "");
    restored = true;
    setTimeout(() => { restored = false; }, 300);
    back?.remove();
    clearTimeout(figure.timer); // of what would write the view into the address
    put(figure, place.before);
    figure.show();
    figure.reset.disabled = figure.controls.every((c) => c.index === c.initial);
    toText(link, place.top);
  });
  addEventListener("hashchange", (event) => { if (restored) event.stopImmediatePropagation(); }, true); // the figure would come

  // ------------------------------------------------------------------ cards

  let entries, coming; // what the cards say, once it has come
  globalThis.inPlaceCards = (found) => { entries = found; };
  const come = () => (coming ??= new Promise((done) => {
    const tag = make("script", { src: new URL("_static/in_place/cards.js", ROOT) });
    Object.assign(tag, { onload: done, onerror: () => { coming = null; tag.remove(); done(); } });
    document.head.append(tag);
  }));

  const words = (link) => link.textContent.replace(/\s+/g, " ").trim();
  const to = (path, text, more = {}) => make("a", { href: new URL(path, ROOT), ...more }, text);

  // What a card says, and the name of its kind; nothing where nothing is known of what the link leads to.
  function said(link) {
    const anchor = decodeURIComponent(link.hash.slice(1));
    if (anchor.startsWith("equation-")) {
      const formula = document.getElementById(anchor)?.querySelector(".katex-display")?.cloneNode(true);
      formula?.removeAttribute("tabindex");
      return formula && [`Equation ${words(link)}`, formula, to(link.href, "Go to the equation")];
    }
    if (anchor.startsWith("term-")) {
      const text = entries?.terms[anchor], body = make("div", {});
      if (!text) return;
      body.innerHTML = text; // of the book's own glossary
      for (const a of body.querySelectorAll("a")) a.href = new URL(a.getAttribute("href"), ROOT);
      return ["Definition", body, to(link.href, "In the glossary")];
    }
    const [label, who, title, where, address, name] = entries?.works[anchor] || [];
    if (label !== words(link)) return; // of a build before this page
    const body = make("div", {}, make("p", {}, who), make("p", { class: "in-place-title" }, title), make("p", {}, where));
    return ["Reference", body, ...(address ? [to(address, name)] : []), to(link.href, "In the bibliography")];
  }

  let card, timer, wanted, left; // the open card, the one that is to come, the link to which the focus came back
  const soon = (what, ms) => { clearTimeout(timer); timer = setTimeout(what, ms); };
  const close = () => {
    clearTimeout(timer);
    wanted = null;
    if (!card) return;
    const { box, link } = card, held = box.contains(document.activeElement);
    card = null;
    link.removeAttribute("aria-describedby");
    box.remove();
    if (!held) return;
    left = link;
    link.focus({ preventScroll: true });
    link.addEventListener("blur", () => { left = null; }, { once: true });
  };

  function place() {
    const { box, link, x } = card, lines = [...link.getClientRects()];
    const line = lines.find(({ left, right }) => left <= x && x <= right) || lines[0];
    if (!line || line.bottom < 0 || line.top > innerHeight) return close();
    const { width, height } = box.getBoundingClientRect();
    const below = line.bottom + 6 + height <= innerHeight || line.top - 6 - height < 0;
    box.style.left = `${Math.max(EDGE, Math.min((x ?? line.left) - 24, document.documentElement.clientWidth - width - EDGE))}px`;
    box.style.top = `${below ? Math.min(line.bottom + 6, innerHeight - height - EDGE) : line.top - 6 - height}px`;
  }

  async function open(link, { x, tapped, passed } = {}) {
    if (card?.link === link) return;
    close();
    const turn = (wanted = { link });
    if (!link.hash.startsWith("#equation-")) await come();
    if (wanted !== turn) return;
    const [kind, body, ...links] = said(link) || [];
    if (!kind) {
      if (tapped) location.assign(link.href);
      return;
    }
    body.id = "in-place-body";
    const box = make("div", { class: "in-place-card", popover: "manual", role: "dialog", "aria-label": kind, tabindex: "-1" },
      body, make("p", { class: "in-place-links" }, ...links));
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || soon(close, 250));
    link.after(box);
    // a key that goes from link to link passes by what the place of the link has too
    if (passed) for (const a of box.querySelectorAll("a")) a.tabIndex = -1;
    link.setAttribute("aria-describedby", body.id);
    card = { box, link, x };
    box.showPopover();
    place();
    if (tapped) box.focus({ preventScroll: true });
  }

  addEventListener("scroll", () => card && place(), { passive: true });
  addEventListener("resize", () => card && place());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    event.stopPropagation();
    close();
  }, true);
  for (const type of ["pointerdown", "focusin"]) // of what is still to come, too
    document.addEventListener(type, ({ target }) => {
      const link = card?.link || wanted?.link;
      if (link && !link.contains(target) && !card?.box.contains(target)) close();
    });

  globalThis.inPlace = (link, { type, pointerType, clientX }) => {
    const shows = link.matches(".view");
    if (type === "click") return shows ? view(link) : open(link, { tapped: true });
    if (shows) return document.getElementById(link.hash.slice(1).split("?")[0])?.load?.(); // so that it answers at once
    if (!("popover" in link)) return;
    if (type === "focusin") return link !== left && link.matches(":focus-visible") && open(link, { passed: true });
    if (pointerType === "touch" || card?.link === link) return clearTimeout(timer);
    come();
    soon(() => open(link, { x: clientX }), 200);
    link.addEventListener("pointerleave", () => soon(() => link.matches(":focus-visible") || close(), 250), { once: true });
  };
})();
