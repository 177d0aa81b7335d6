// Search in the theme's own window. Chinese has no blanks between words, so a word is looked for
// as it was typed, anywhere; several words, with blanks between them, must all be there.
// The window stands below this script in the page.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.getElementById("mkdocs-search-query");
  const results = document.getElementById("mkdocs-search-results");
  const MOST = 30;
  const AROUND = 30;
  let sections = null;

  const plain = (text) => text.normalize("NFKC").toLowerCase();

  // A script and not a fetch, which browsers refuse to pages opened from the disk.
  function load() {
    const script = document.createElement("script");
    script.src = `${base_url}/search/index.js`;
    script.onload = () => {
      sections = window.nianbaoSections.map((s) => ({
        ...s, plainTitle: plain(s.title), plainText: plain(s.text),
      }));
      show();
    };
    document.head.append(script);
  }

  function score(section, words) {
    let sum = 0;
    for (const word of words) {
      const inTitle = section.plainTitle.includes(word);
      if (!inTitle && !section.plainText.includes(word)) return 0;
      sum += inTitle ? 10 : 1;
    }
    return sum;
  }

  function excerpt(section, words) {
    const text = section.text.normalize("NFKC");
    const at = Math.max(0, Math.min(...words.map((w) => {
      const found = section.plainText.indexOf(w);
      return found < 0 ? text.length : found;
    })));
    const from = at < text.length ? Math.max(0, at - AROUND) : 0;
    return (from ? "…" : "") + text.slice(from, from + 4 * AROUND);
  }

  function show() {
    if (!sections) return;
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const found = !words.length ? [] : sections
      .map((section) => ({ section, score: score(section, words) }))
      .filter((one) => one.score)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST);
    results.replaceChildren(...found.map(({ section }) => {
      const article = document.createElement("article");
      const link = document.createElement("a");
      link.href = `${base_url}/${section.location}`;
      link.textContent = section.title;
      const heading = document.createElement("h5");
      heading.append(link);
      const words_ = document.createElement("p");
      words_.textContent = excerpt(section, words);
      article.append(heading, words_);
      return article;
    }));
    if (words.length && !found.length) results.textContent = results.dataset.noResultsText;
  }

  field.form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => (sections ? show() : load()));
});
