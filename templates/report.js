// The page's own script: draws charts when they come into sight, sorts and filters tables, marks the section being read.
// It stores nothing, asks nobody, and works inside a sandboxed frame. What it needs is in data blocks of the page.
(() => {
  "use strict";
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // --- charts ---
  const plots = $$(".plot[data-figure]");
  const drawing = plots.length ? JSON.parse(document.getElementById("drawing").textContent) : null;
  const drawn = new Set();
  let printing = false;
  const template = () => drawing.templates[dark.matches && !printing ? "dark" : "light"];

  const failed = (plot) => {
    plot.textContent = "This chart could not be drawn here; its numbers are below.";
    plot.style.height = "auto";
    $$("details.numbers", plot.closest("figure")).forEach((details) => { details.open = true; });
  };

  const draw = (plot) => {
    if (drawn.has(plot)) return;
    drawn.add(plot);
    try {
      const figure = JSON.parse(document.getElementById(plot.dataset.figure).textContent);
      const layout = { ...figure.layout, template: template(), autosize: true };
      delete layout.width;
      window.Plotly.newPlot(plot, figure.data, layout, drawing.config).then(
        () => { plot.dataset.drawn = "true"; },
        () => failed(plot),
      );
    } catch (error) {
      failed(plot);
    }
  };

  const retone = () => drawn.forEach((plot) => { if (plot.dataset.drawn) window.Plotly.relayout(plot, { template: template() }); });

  const unpacked = async () => {
    const packed = document.getElementById("plotly").textContent;
    let bytes = null;
    if (Uint8Array.fromBase64) bytes = Uint8Array.fromBase64(packed);
    else {
      const letters = atob(packed);
      bytes = new Uint8Array(letters.length);
      for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  };

  const excuse = () => { document.getElementById("no-drawing").hidden = false; };
  let starting = null;
  const started = () => {
    starting = starting || unpacked().then((code) => {
      const script = document.createElement("script");
      script.textContent = code; // runs because its hash is in the page's policy
      document.head.append(script);
    });
    return starting;
  };
  const drawAll = () => started().then(() => plots.forEach(draw)).catch(excuse);

  // The library is large: it is unpacked when the first chart comes near, or when the page has been open and idle for a while (a
  // print needs it at once), so that opening the page does not wait for it.
  if (plots.length && typeof DecompressionStream === "undefined") excuse();
  else if (plots.length) {
    const watcher = new IntersectionObserver((entries) => {
      entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
        watcher.unobserve(entry.target);
        started().then(() => draw(entry.target)).catch(excuse);
      });
    }, { rootMargin: "500px 0px" });
    plots.forEach((plot) => watcher.observe(plot));
    const prepared = () => started().catch(excuse);
    setTimeout(() => (window.requestIdleCallback ? requestIdleCallback(prepared) : prepared()), 2000);
    dark.addEventListener("change", retone);
    addEventListener("beforeprint", () => {
      printing = true;
      if (window.Plotly) plots.forEach(draw);
      else drawAll();
      if (dark.matches) retone();
    });
    addEventListener("afterprint", () => {
      printing = false;
      if (dark.matches) retone();
    });
  }

  // --- tables: sort by header, filter by text ---
  const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });
  const keyOf = (cell, asNumber) => {
    const sort = cell.dataset.sort;
    if (!asNumber) return sort === "" ? null : cell.textContent.trim();
    return sort === undefined || sort === "" ? null : Number(sort);
  };
  const compare = (a, b, direction) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
    const order = typeof a.key === "number" ? a.key - b.key || 0 : collator.compare(a.key, b.key);
    return direction * order || a.at - b.at;
  };
  const nextOrder = { none: "ascending", ascending: "descending", descending: "none" };

  $$("table[data-sortable]").forEach((table) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const heads = Array.from(table.tHead.rows[0].cells);
    const sortBy = (column, order) => {
      const asNumber = heads[column].dataset.sortAs === "number";
      const keyed = rows.map((row, at) => ({ row, at, key: keyOf(row.cells[column], asNumber) }));
      if (order !== "none") keyed.sort((a, b) => compare(a, b, order === "ascending" ? 1 : -1));
      body.append(...keyed.map((item) => item.row));
      heads.forEach((head, at) => head.setAttribute("aria-sort", at === column ? order : "none"));
    };
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.querySelector(".label").childNodes);
      head.querySelector(".label").append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sortBy(column, nextOrder[head.getAttribute("aria-sort")]));
    });

    const filter = table.closest(".table").querySelector(".filter");
    const field = filter.querySelector("input");
    const count = filter.querySelector("output");
    const all = count.textContent;
    const texts = new Map(rows.map((row) => [row, row.textContent.toLocaleLowerCase()]));
    field.addEventListener("input", () => {
      const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      rows.forEach((row) => {
        row.hidden = !words.every((word) => texts.get(row).includes(word));
        n += !row.hidden;
      });
      count.textContent = words.length ? `${n.toLocaleString("en")} of ${all}` : all;
    });
    filter.hidden = false;
  });

  // --- navigation: which section is being read ---
  const links = $$(".contents a");
  const marked = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      links.forEach((link) => {
        if (link.getAttribute("href") === `#${entry.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    });
  }, { rootMargin: "-15% 0px -75% 0px" });
  $$("main > section").forEach((section) => marked.observe(section));
  // A sandboxed viewer refuses to follow a fragment of a blob: address; there the page scrolls by itself.
  if (!/^(https?|file):$/.test(location.protocol)) {
    $$("a[href^='#']").forEach((link) => link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = document.getElementById(link.getAttribute("href").slice(1));
      target.scrollIntoView();
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }));
  }
  $$(".menu a").forEach((link) => link.addEventListener("click", () => { link.closest("details").open = false; }));
})();
