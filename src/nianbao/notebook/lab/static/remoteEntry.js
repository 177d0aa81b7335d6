// The JupyterLab extension, written as the module-federation container that JupyterLab loads: it
// needs no build step and asks nothing of the network.
(() => {
  "use strict";

  const NAME = "nianbao";
  const WORDS = "application/vnd.nianbao.words+json";
  const MASTER = "notebooks/report.ipynb";
  const EMPTY = "（这里没有文字，双击可写）";
  const PLACEHOLDER = /\{\{([^{}\n]*)\}\}/;
  let shared = {};

  /** A package that JupyterLab itself has loaded. */
  async function take(name) {
    const versions = shared[name];
    const factory = await versions[Object.keys(versions)[0]].get();
    return factory();
  }

  /** What a cell of code has left about the words: texts by section, and what names stand for. */
  function wordsOf(cell) {
    const outputs = cell.outputs;
    for (let i = 0; outputs && i < outputs.length; i++) {
      const found = outputs.get(i).data[WORDS];
      if (found) return found;
    }
    return null;
  }

  /** What a notebook's last run left about the words. */
  function lastWords(model) {
    let found = { sections: {}, names: {} };
    for (const cell of (model && model.cells) || []) {
      const words = cell.type === "code" && wordsOf(cell);
      if (words && words.names) found = words;
    }
    return found;
  }

  /** Show the agency's own words below a template's text that they are printed in place of. */
  function showOwn(cell, sections) {
    if (cell.model.type !== "markdown") return;
    const kept = cell.model.getMetadata("nianbao") || {};
    const own = kept.words === undefined && sections[kept.section];
    const output = cell.node.querySelector(".jp-MarkdownOutput");
    if (!output) return;
    const before = output.querySelector(`.${NAME}-own`);
    const source = cell.model.sharedModel.getSource().trim();
    const empty = !source && kept.section && !(sections[kept.section] || {}).file;
    if (empty && output.textContent !== EMPTY) output.textContent = EMPTY;
    if (empty) return;
    const text = own && own.file && source === own.default.trim() ? own.words : null;
    if ((before ? before.dataset.words : null) === text) return;
    if (before) before.remove();
    if (text === null) return;
    const shown = document.createElement("blockquote");
    shown.className = `${NAME}-own`;
    shown.dataset.words = text;
    for (const line of [`印出的是 ${own.file} 中的文字：`, ...text.split(/\n{2,}/)]) {
      shown.appendChild(document.createElement("p")).textContent = line.replace(/^#+ /, "").replace(/\\(.)/g, "$1");
    }
    output.appendChild(shown);
  }

  /** Show words where a Markdown cell is drawn with placeholders; its text keeps the names. */
  function showWords(notebook) {
    const { names, sections } = lastWords(notebook.model);
    const node = notebook.node;
    notebook.widgets.forEach((cell) => showOwn(cell, sections));
    for (const shown of node.querySelectorAll(`[data-${NAME}]`)) {
      const word = names[shown.dataset[NAME]];
      if (word !== undefined && shown.textContent !== word) shown.textContent = word;
    }
    for (const output of node.querySelectorAll(".jp-MarkdownOutput")) {
      const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      texts.forEach((text) => fillText(text, names));
    }
  }

  function fillText(text, names) {
    const parts = text.data.split(PLACEHOLDER);
    if (!parts.some((part, i) => i % 2 && part.trim() in names)) return;
    text.replaceWith(...parts.map((part, i) => {
      if (i % 2 === 0) return part;
      const name = part.trim();
      if (!(name in names)) return `{{${part}}}`;
      const shown = document.createElement("span");
      shown.dataset[NAME] = shown.title = name;
      shown.textContent = names[name];
      return shown;
    }));
  }

  /** Keep the drawn cells of a notebook in words, whenever they are drawn anew. */
  function follow(panel) {
    const show = () => showWords(panel.content);
    new MutationObserver(show).observe(panel.content.node, { childList: true, subtree: true });
    panel.context.ready.then(show);
  }

  /** Let the words that nobody edited follow the data; a template's cells keep their names. */
  function refresh(model, words) {
    for (const cell of model.cells) {
      const kept = cell.type === "markdown" && cell.getMetadata("nianbao");
      if (!kept || kept.words === undefined || !(kept.section in words)) continue;
      const now = words[kept.section];
      const source = cell.sharedModel.getSource();
      if (source.trim() !== kept.words.trim() || source === now.words) continue;
      cell.sharedModel.setSource(now.words);
      cell.setMetadata("nianbao", { ...kept, template: now.template, words: now.words });
    }
  }

  /** Run a command of nianbao in a terminal, for the report that is asked for. */
  async function inTerminal(app, apputils, command, title) {
    const asked = await apputils.InputDialog.getText({
      title, label: "机关代码和年度，如 yiyuan-sfj 2024", text: localStorage.getItem(NAME) || "",
    });
    if (!asked.button.accept || !/^[a-z0-9_-]+ \d{4}$/.test(asked.value.trim())) return;
    localStorage.setItem(NAME, asked.value.trim());
    const main = await app.commands.execute("terminal:create-new");
    const line = `nianbao ${command} ${asked.value.trim()}\r`;
    const session = main.content.session;
    const send = () => session.send({ type: "stdin", content: [line] });
    await (main.content.ready || Promise.resolve());
    setTimeout(send, 500);
  }

  async function plugins() {
    const [notebook, launcher, apputils] = await Promise.all(
      ["@jupyterlab/notebook", "@jupyterlab/launcher", "@jupyterlab/apputils"].map(take)
    );
    const entries = [
      ["open", "打开", "打开年报笔记本", (app) => app.commands.execute("docmanager:open", { path: MASTER })],
      ["preview", "预览", "在浏览器里预览", (app) => inTerminal(app, apputils, "preview", "预览年报")],
      ["build", "生成", "生成一份年报", (app) => inTerminal(app, apputils, "build", "生成年报")],
      ["pull", "拉回", "收回笔记本和 Word 中的修改", (app) => inTerminal(app, apputils, "pull", "收回修改")],
    ];
    return [
      {
        id: `${NAME}:launcher`,
        autoStart: true,
        requires: [launcher.ILauncher],
        activate: (app, shelf) => {
          entries.forEach(([id, label, caption, execute], rank) => {
            const command = `${NAME}:${id}`;
            app.commands.addCommand(command, { label, caption, execute: () => execute(app) });
            shelf.add({ command, category: "年报", rank });
          });
        },
      },
      {
        id: `${NAME}:words`,
        autoStart: true,
        requires: [notebook.INotebookTracker],
        activate: (app, tracker) => {
          tracker.forEach(follow);
          tracker.widgetAdded.connect((_, panel) => follow(panel));
          notebook.NotebookActions.executed.connect((_, { notebook: shown, cell }) => {
            const words = cell.model.type === "code" && wordsOf(cell.model);
            if (!words || !shown.model) return;
            refresh(shown.model, words.sections || {});
            showWords(shown);
          });
        },
      },
    ];
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const made = await plugins();
      return () => ({ __esModule: true, default: made });
    },
  };
})();
