"use strict";
/* What a browser with scripts has besides: live pages, dropped files, and an editor that saves by
   itself. Every page works without it. */

const token = document.querySelector('meta[name="form-token"]')?.content || "";
document.documentElement.classList.add("scripted");

/* Live pages: the server tells that something changed, and the part is fetched anew. A page carries
   the mark from before it was drawn, that of the report in its frame behind a point; the stream begins with the mark of now, so that neither what
   happened in between nor what happened while it was broken is missed. A page that nobody sees holds
   no stream: browsers have few connections to one server. */
function listen(address, seen, onchange) {
  let source = null;
  const open = () => {
    source ||= new EventSource(address);
    source.onmessage = (event) => { if (event.data !== seen) { seen = event.data; onchange(seen); } };
  };
  const close = () => { source?.close(); source = null; };
  addEventListener("pagehide", close);
  document.addEventListener("visibilitychange", () => { if (document.hidden) { close(); } else { open(); } });
  if (!document.hidden) { open(); }
}

/* Answers may overtake one another: the one that was asked for last stays. One that does not come is
   asked for again; a part in which somebody writes waits until they have done. */
async function refresh(part) {
  const at = document.activeElement;
  if (part.contains(at) && at.matches("input, textarea, select")) {
    at.addEventListener("blur", () => refresh(part), { once: true });
    return;
  }
  const asked = part.asked = (part.asked || 0) + 1;
  let text = "";
  try {
    const answer = await fetch(part.dataset.fragment, { headers: { Accept: "text/html" } });
    if (answer.redirected || answer.status === 404) { return; }
    if (!answer.ok) { throw new Error(String(answer.status)); }
    text = await answer.text();
  } catch {
    setTimeout(() => { if (asked === part.asked) { refresh(part); } }, 3000);
    return;
  }
  if (asked !== part.asked) { return; }
  const page = new DOMParser().parseFromString(text, "text/html");
  put(part, page.querySelector(`[data-fragment="${part.dataset.fragment}"]`) || page.body);
}

/* Whoever goes by the keyboard stays where they were, and a list that scrolls by itself too. */
function put(part, fresh) {
  const list = () => part.querySelector("ol");
  const top = list()?.scrollTop || 0;
  const stops = () => [...part.querySelectorAll("a[href], button, summary, [tabindex]")];
  const place = stops().indexOf(document.activeElement);
  part.replaceChildren(...fresh.childNodes);
  if (top) { list()?.scrollTo(0, top); }
  stops()[place]?.focus({ preventScroll: true });
}

/* What somebody has chosen, ticked or written and not sent yet, or where they are about to. */
function isFilled(field) {
  if (field.type === "hidden") { return false; }
  if (field.type === "file") { return field.files.length > 0; }
  if (field.type === "checkbox") { return field.checked !== field.defaultChecked; }
  if (field.options) { return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected)); }
  return field === document.activeElement || field.value !== field.defaultValue;
}
const isTouched = (part) => [...part.querySelectorAll("input, textarea, select")].some(isFilled);

/* A page on which somebody writes is never loaded anew: what is around the text is. */
let renewing = 0;
function renew() {
  clearTimeout(renewing);
  renewing = setTimeout(async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok || answer.redirected) { return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (fresh && !isTouched(part)) { put(part, fresh); }
    }
  }, 700);
}

/* A frame whose mark is not the one that is wanted is loaded anew, and stays where it was. While it
   loads it is left alone, and looked at once more afterwards: before its page is there, loading it
   anew would load the blank one. */
let wanted = "";
function reload(frame) {
  if (frame.dataset.loading) { frame.dataset.again = "1"; return; }
  if (frame.contentDocument?.querySelector("meta[name=mark]")?.content === wanted) { return; }
  frame.dataset.loading = "1";
  frame.contentWindow?.location.reload();
}

/* A frame tells when its page is there, and shows the place that is being written. */
const frames = document.querySelectorAll("iframe[data-page]");
for (const frame of frames) {
  frame.dataset.loading = "1";
  const shown = () => {
    document.body.dataset.shown = String(Number(document.body.dataset.shown || 0) + 1);
    delete frame.dataset.loading;
    const place = frame.dataset.place && frame.contentDocument?.getElementById(frame.dataset.place);
    if (place) {
      frame.contentWindow.scrollTo(0, place.getBoundingClientRect().top + frame.contentWindow.scrollY - 12);
      delete frame.dataset.place;
    } else if (frame.dataset.top) { frame.contentWindow.scrollTo(0, Number(frame.dataset.top)); }
    if (frame.contentDocument) {
      frame.contentWindow.addEventListener("scroll", () => { frame.dataset.top = String(frame.contentWindow.scrollY); });
    }
    if (frame.dataset.again) { delete frame.dataset.again; reload(frame); }
  };
  frame.addEventListener("load", shown);
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank") { shown(); }
}

/* Whoever goes into a frame by the keyboard sees which: browsers neither mark nor show it. */
let tabbing = false;
addEventListener("keydown", (event) => { tabbing = event.key === "Tab"; }, true);
addEventListener("pointerdown", () => { tabbing = false; }, true);
for (const frame of document.querySelectorAll("iframe")) {
  const mind = () => {
    const inside = frame.contentDocument && frame.contentWindow;
    inside?.addEventListener("focus", () => {
      frame.classList.toggle("inside", tabbing);
      if (tabbing) { frame.scrollIntoView({ block: "nearest" }); }
    });
    inside?.addEventListener("blur", () => { frame.classList.remove("inside"); });
  };
  frame.addEventListener("load", mind);
  mind();
}

const UNDONE = "[data-building='1'], [data-reading], [data-waiting]";
for (const part of document.querySelectorAll("[data-live]")) {
  wanted = part.dataset.mark.split(".")[1];
  listen(part.dataset.live, part.dataset.mark, (now) => {
    wanted = now.split(".")[1];
    if (part.dataset.fragment) { refresh(part); return; }
    for (const other of document.querySelectorAll("[data-fragment]")) { refresh(other); }
    if (editor || isTouched(document.body)) { renew(); } else if (document.querySelector(UNDONE)) { location.reload(); return; }
    frames.forEach(reload);
  });
  // What others do with the files, past the desk, is found when the board looks at them.
  if (part.dataset.fragment) { setInterval(() => { if (!document.hidden) { refresh(part); } }, 30000); }
}

/* Dropped files go into the form's own field; a browser's own words beside it are in its language. */
for (const form of document.querySelectorAll("[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const pick = document.createElement("button"), names = document.createElement("span");
  pick.type = "button";
  pick.className = "plain";
  pick.textContent = "选择文件";
  pick.addEventListener("click", () => field.click());
  const tell = () => { names.textContent = [...field.files].map((file) => file.name).join("、") || "还没有选"; };
  field.addEventListener("change", tell);
  tell();
  field.before(pick, names);
  field.classList.add("unseen");
  field.tabIndex = -1;
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) { form.addEventListener(name, () => form.classList.remove("over")); }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; form.requestSubmit(); }
  });
  form.addEventListener("submit", () => { for (const button of form.querySelectorAll("button:not([type])")) { button.disabled = true; button.textContent = "正在上传、核对……"; } });
}
addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });

document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest" });

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
    button.parentElement.querySelector("[data-copied]").textContent = "已复制";
  });
}

/* The editor: numbers stand as chips in the text; what is written is saved a second later, and
   kept in the browser until the server has said that it is on its disk. */
const NAME = /\{\{\s*([^{}\n]*?)\s*\}\}/g;
const WITH_UNIT = ".带单位";
/* A name by its steps alone, as the pages list it: a step that is no word is written ["…"]. */
const plain = (name) => name.replace(/\s*\[\s*(["'])(.+?)\1\s*\]\s*/g, ".$2").replace(/\s*\.\s*/g, ".");

class Editor {
  constructor(form) {
    this.form = form;
    this.field = form.elements.text;
    this.base = form.elements.base;
    this.status = form.querySelector("[data-status]");
    this.key = `text ${form.action}`;
    this.shown = new Map();
    this.units = new Map();
    for (const chip of document.querySelectorAll(".reads .chip")) {
      this.shown.set(chip.title.split("　")[0], [chip.textContent, chip.classList.contains("unknown"), chip.title]);
    }
    for (const fact of document.querySelectorAll(".fact")) { this.learn(fact); }
    this.rich = document.createElement("div");
    Object.assign(this.rich, { className: "rich", contentEditable: this.field.readOnly ? "false" : "plaintext-only" });
    if (this.rich.contentEditable === "inherit") { this.rich.contentEditable = "true"; }
    this.rich.setAttribute("role", "textbox");
    this.rich.setAttribute("aria-multiline", "true");
    this.rich.setAttribute("aria-label", form.querySelector("label").textContent);
    this.rich.tabIndex = 0;
    this.field.hidden = true;
    this.field.after(this.rich);
    const left = localStorage.getItem(this.key);
    this.draw(this.field.value);
    if (left !== null && !this.field.readOnly) {
      const kept = JSON.parse(left);
      if (kept.text !== this.field.value) { this.base.value = kept.base; this.draw(kept.text); this.changed(); this.say("上次没有存上的文字已经找回，正在保存……"); } else { localStorage.removeItem(this.key); }
    }
    this.rich.addEventListener("input", () => this.changed());
    this.rich.addEventListener("blur", () => { if (!this.timer && !this.saving) { this.draw(this.text()); } });
    this.rich.addEventListener("paste", (event) => {
      event.preventDefault();
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    addEventListener("online", () => this.save());
  }

  /* A fact of the lists: its button shows a number with its unit, and puts it in so. */
  learn(fact) {
    const { fact: name, unit = "" } = fact.dataset, shown = fact.querySelector("b").textContent;
    const title = fact.title || name;
    if (!unit) { this.shown.set(plain(name), [shown, false, title]); return; }
    this.units.set(plain(name) + WITH_UNIT, unit);
    this.shown.set(plain(name), [shown.slice(0, -unit.length), false, title]);
    this.shown.set(plain(name) + WITH_UNIT, [shown, false, title]);
  }

  chip(name) {
    const chip = document.createElement("span");
    const [text, unknown, title] = this.shown.get(plain(name)) || [name, false, name];
    chip.className = unknown ? "chip unknown" : "chip";
    chip.contentEditable = "false";
    chip.dataset.name = name;
    chip.title = title;
    chip.textContent = text || name;
    return chip;
  }

  draw(text) {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(NAME)) {
      nodes.push(document.createTextNode(text.slice(at, found.index)), this.chip(found[1]));
      at = found.index + found[0].length;
    }
    nodes.push(document.createTextNode(text.slice(at) + "\n"));
    this.rich.replaceChildren(...nodes);
  }

  text() {
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) { return node.data; }
      if (node.dataset?.name !== undefined) { return `{{ ${node.dataset.name} }}`; }
      if (node.nodeName === "BR") { return "\n"; }
      const inner = [...node.childNodes].map(read).join("");
      return node.nodeName === "DIV" || node.nodeName === "P" ? `\n${inner}` : inner;
    };
    return [...this.rich.childNodes].map(read).join("").replace(/\n+$/, "");
  }

  insert(name) {
    const range = this.range && this.rich.contains(this.range.startContainer) ? this.range : null;
    const chip = this.chip(name);
    if (range) { range.deleteContents(); range.insertNode(chip); } else { this.rich.lastChild.before(chip); }
    const after = document.createRange();
    after.setStartAfter(chip);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(after);
    this.rich.focus();
    this.changed();
  }

  /* Whoever writes the unit behind a number that has one does not want it twice. */
  dropUnits() {
    for (const chip of this.rich.querySelectorAll(".chip")) {
      const unit = this.units.get(plain(chip.dataset.name)), next = chip.nextSibling;
      if (!unit || next?.nodeType !== Node.TEXT_NODE || !next.data.startsWith(unit)) { continue; }
      chip.dataset.name = chip.dataset.name.slice(0, -WITH_UNIT.length);
      chip.textContent = this.shown.get(plain(chip.dataset.name))[0];
    }
  }

  changed() {
    this.dropUnits();
    this.field.value = this.text();
    localStorage.setItem(this.key, JSON.stringify({ base: this.base.value, text: this.field.value }));
    this.say("正在写……");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 900);
  }

  say(words, bad = false) { this.status.textContent = words; this.status.classList.toggle("bad", bad); }

  async save() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.saving) { this.again = true; return; }
    this.saving = true;
    this.field.value = this.text();
    const sent = this.field.value;
    try {
      const body = new FormData(this.form);
      body.set("text", sent);
      const answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json", "X-Form-Token": token } });
      if (!answer.headers.get("content-type")?.includes("json")) { throw new Error(String(answer.status)); }
      this.took(await answer.json(), sent);
    } catch (error) {
      const words = error.message === "403" || error.message === "404" ? "登录已过期，没有存上；文字留在这台电脑里，请重新登录后回到这一页" : "没有连上，文字先留在这台电脑里，连上后自动保存";
      this.say(words, true);
      this.timer = setTimeout(() => this.save(), 4000);
    } finally {
      this.saving = false;
      if (this.again) { this.again = false; this.save(); }
    }
  }

  took(answer, sent) {
    if (answer.problems) { this.say(answer.problems.join("；"), true); return; }
    if (answer.conflict) { localStorage.removeItem(this.key); location.hash = "conflict"; location.reload(); return; }
    this.base.value = answer.text;
    if (this.text() === sent) {
      localStorage.removeItem(this.key);
      if (answer.text !== sent) { this.draw(answer.text); }
      this.say(answer.merged ? "已保存，并入了别人同时写的文字" : "已保存");
    }
  }
}

let editor = null;
for (const form of document.querySelectorAll("[data-editor]")) { editor = new Editor(form); }
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (editor && selection.rangeCount && editor.rich.contains(selection.anchorNode)) { editor.range = selection.getRangeAt(0).cloneRange(); }
});
document.addEventListener("click", (event) => {
  const fact = event.target.closest(".fact");
  if (fact && editor && !editor.field.readOnly) { editor.learn(fact); editor.insert(fact.dataset.fact + (fact.dataset.unit ? WITH_UNIT : "")); }
});
for (const picker of document.querySelectorAll("[data-picker]")) {
  const field = picker.querySelector("input[name=q]");
  const found = picker.querySelector("[data-found]");
  let timer = 0;
  const search = async () => {
    const answer = await fetch(`${picker.dataset.picker}?q=${encodeURIComponent(field.value)}`);
    if (answer.ok) { const page = new DOMParser().parseFromString(await answer.text(), "text/html"); found.replaceChildren(...page.body.childNodes); }
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 250); });
  field.form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
}
