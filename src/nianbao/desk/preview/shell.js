"use strict";
// Shows the page in a frame without scripts and replaces it whenever the server has a new one.
const words = { error: "错误", warning: "提醒", info: "提示" };
const byId = (id) => document.getElementById(id);
let frame = null;

function element(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function showPage(number) {
  const next = document.createElement("iframe");
  next.title = "报告";
  next.setAttribute("sandbox", "allow-same-origin"); // no scripts; lets us keep the place
  next.style.visibility = "hidden";
  next.addEventListener("load", () => {
    const last = frame;
    if (last) next.contentWindow.scrollTo(0, last.contentWindow.scrollY);
    next.style.visibility = "visible";
    frame = next;
    if (last) last.remove();
    document.body.dataset.shown = number;
  }, { once: true });
  next.src = "/page?" + number;
  byId("page").append(next);
}

function showFindings(findings) {
  byId("findings").querySelector("h2").textContent = findings.length
    ? `核对结果：${findings.length}项` : "核对结果：没有发现问题";
  byId("findings").querySelector("ol").replaceChildren(...findings.map((found) => {
    const item = element("li", `〔${found.id}·${words[found.severity]}〕${found.message}`, found.severity);
    if (found.place) item.append(element("small", found.place));
    if (found.key) item.append(element("small", `标识：${found.key}`));
    if (found.anchor) {
      const button = element("button", "看原句");
      button.addEventListener("click", () => {
        frame.contentDocument.getElementById(found.anchor).scrollIntoView({ block: "center" });
      });
      item.append(button);
    }
    return item;
  }));
}

async function show() {
  const state = await (await fetch("/state")).json();
  document.title = `年报预览 ${state.title}`;
  byId("title").textContent = state.title;
  const failed = state.problems.length > 0;
  byId("problems").hidden = !failed;
  byId("problems").querySelector("ul").replaceChildren(...state.problems.map((p) => element("li", p)));
  const links = state.files.map((name) => Object.assign(element("a", name), { href: `/files/${name}`, target: "_blank" }));
  byId("files").replaceChildren(...(links.length ? ["上次生成的文件：", ...links] : []));
  byId("edits").hidden = !state.edits;
  byId("edits").textContent = state.edits;
  byId("state").textContent = failed ? "有错误，下面是上一次的页面" : `已更新 ${new Date().toLocaleTimeString("zh-CN")}`;
  if (failed) document.body.dataset.shown = state.number;
  else showFindings(state.findings);
  if (state.page && (!failed || !frame)) showPage(state.number);
}

const events = new EventSource("/events");
events.addEventListener("message", show);
events.addEventListener("error", () => { byId("state").textContent = "预览已停止，重新运行 nianbao preview 后会自动恢复"; });
