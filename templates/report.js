// The page's own script: starts the explorer, draws charts when they come into sight, sorts and filters tables, marks the section being read.
// It stores nothing, asks nobody, and works inside a sandboxed frame. What it needs is in data blocks of the page.
(() => {
  "use strict";
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const words = document.currentScript.dataset; // sentences of the catalogue
  const language = document.documentElement.lang || "en";

  // --- packed blocks: gzip in base64 ---
  const unpacked = async (id) => {
    const packed = document.getElementById(id).textContent;
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
  const run = (code) => {
    const script = document.createElement("script");
    script.textContent = code; // runs because its hash is in the page's policy
    document.head.append(script);
  };

  // --- the explorer: its section and its place among the links at once, itself when it is unpacked ---
  const code = document.getElementById("x-script");
  let explored = Promise.resolve(); // charts wait for it: plotly.js alone takes a second of the browser
  if (code) {
    const { title, layout, failed } = code.dataset;
    const make = (tag, attributes, ...children) => {
      const node = document.createElement(tag);
      Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
      node.append(...children);
      return node;
    };
    const section = make("section", { id: "explore", class: "section explorer", "aria-labelledby": "explore-title" }, make("h2", { id: "explore-title" }, title));
    const sections = $$("main > section");
    const isMemo = layout === "memo";
    const before = isMemo ? sections[sections.length - 1] : sections[0];
    if (before) before.after(section);
    else document.querySelector("main").append(section);
    $$(".contents").forEach((list) => {
      const item = make("li", {}, make("a", { href: "#explore" }, title));
      if (isMemo || !list.children[0]) list.append(item);
      else list.children[0].after(item);
    });
    const broken = () => section.append(make("p", { class: "notice tone-warning" }, failed));
    if (typeof DecompressionStream === "undefined") broken();
    else explored = new Promise((done) => {
      section.addEventListener("explored", done, { once: true });
      unpacked("x-script").then(run).catch(() => { broken(); done(); });
    });
  }

  // --- charts ---
  const plots = $$(".plot[data-figure]");
  const drawing = plots.length ? JSON.parse(document.getElementById("drawing").textContent) : null;
  const drawn = new Set();
  let printing = false;
  const template = () => drawing.templates[dark.matches && !printing ? "dark" : "light"];

  const failed = (plot) => {
    plot.textContent = words.undrawn;
    plot.style.height = "auto";
    $$("details.numbers", plot.closest(".chart")).forEach((details) => { details.open = true; });
  };

  const figures = new Map();
  const read = async (plot) => {
    if (!figures.has(plot)) figures.set(plot, JSON.parse(await unpacked(plot.dataset.figure)));
  };

  const draw = (plot) => {
    if (drawn.has(plot)) return;
    drawn.add(plot);
    try {
      const figure = figures.get(plot);
      const layout = { ...figure.layout, template: template(), autosize: true };
      delete layout.width;
      window.Plotly.newPlot(plot, figure.data, layout, drawing.config).then(
        () => {
          plot.dataset.drawn = "true";
          followed(plot);
        },
        () => failed(plot),
      );
    } catch (error) {
      failed(plot);
    }
  };

  const retone = () => drawn.forEach((plot) => { if (plot.dataset.drawn) window.Plotly.relayout(plot, { template: template() }); });

  const excuse = () => { document.getElementById("no-drawing").hidden = false; };
  let starting = null;
  const started = () => {
    starting = starting || explored
      .then(() => Promise.all(plots.map((plot) => read(plot).catch(() => {})))) // a print that finds the library finds the figures, too
      .then(() => unpacked("plotly"))
      .then(run);
    return starting;
  };
  // Before the library and the figure are there, a print shows the pictures that the page has for where no script runs.
  const pictured = (plot) => {
    const packed = plot.closest("figure").querySelector(":scope > noscript");
    const image = packed && new DOMParser().parseFromString(packed.textContent, "text/html").querySelector("img");
    if (image) plot.append(document.adoptNode(image));
  };

  // The library is large: it is unpacked when the first chart comes near, or when the page has been open and idle for a while (a
  // print needs it at once), so that opening the page does not wait for it.
  if (plots.length && typeof DecompressionStream === "undefined") excuse();
  else if (plots.length) {
    const watcher = new IntersectionObserver((entries) => {
      entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
        watcher.unobserve(entry.target);
        const plot = entry.target;
        started().then(() => read(plot).then(() => draw(plot), () => failed(plot)), excuse);
      });
    }, { rootMargin: "500px 0px" });
    plots.forEach((plot) => watcher.observe(plot));
    const prepared = () => started().catch(excuse);
    setTimeout(() => (window.requestIdleCallback ? requestIdleCallback(prepared) : prepared()), 2000);
    dark.addEventListener("change", retone);
    addEventListener("beforeprint", () => {
      printing = true;
      plots.filter((plot) => !drawn.has(plot)).forEach((plot) => (window.Plotly && figures.has(plot) ? draw(plot) : pictured(plot)));
      if (dark.matches) retone();
    });
    addEventListener("afterprint", () => {
      printing = false;
      $$(".plot > .static").forEach((image) => image.remove());
      if (dark.matches) retone();
    });
  }

  // --- one selection: what is about runs that the explorer's filter leaves out is hidden, and figures and tables say so ---
  const followers = [];
  let selection = null; // { runOf(text), keeps(run), words(n, of), about }, from the explorer; null while every run is shown
  let onPaper = false;
  const noted = (before) => {
    const note = document.createElement("p");
    note.className = "followed";
    note.hidden = true;
    before.before(note);
    return note;
  };
  const counted = (note, n, of) => {
    note.hidden = !selection || !of;
    if (!note.hidden) note.textContent = selection.words(n, of);
  };
  const follow = () => followers.forEach((one) => one());
  document.addEventListener("selection", (event) => {
    if (!selection && !event.detail) return;
    selection = event.detail;
    requestAnimationFrame(follow);
  });
  addEventListener("beforeprint", () => { onPaper = true; follow(); });
  addEventListener("afterprint", () => { onPaper = false; follow(); });

  // Of a figure: series, points and names of single runs and of groups. What is made of several runs stands while one of them does.
  const keeps = (runs) => !selection || onPaper || !runs.length || runs.some(selection.keeps);
  function followed(plot) {
    const { data, runs } = figures.get(plot);
    const title = plot.closest("figure").querySelector("h3");
    const singles = runs ? Array.from(new Set(runs.data.flat().filter((of) => of.length === 1 && of[0] >= 0).flat())) : [];
    const note = noted(plot.closest(".plot-box"));
    const places = runs ? runs.data.map((of, at) => (of.length ? at : -1)).filter((at) => at >= 0) : [];
    const ys = places.map((at) => data[at].y); // Plotly's own from here on
    let shown = "";
    const apply = () => {
      counted(note, singles.filter((run) => keeps([run])).length, singles.length);
      title.dataset.about = selection && !singles.length ? selection.about : "";
      const kept = places.map((at) => runs.data[at].map(keeps));
      const now = kept.flat().map(Number).join("");
      if (now === shown || (!shown && !now.includes("0"))) return;
      shown = now;
      const series = {
        visible: places.map((at, i) => (kept[i].length > 1 ? plot.data[at].visible : kept[i][0])),
        y: places.map((at, i) => (kept[i].length > 1 ? ys[i].map((value, point) => (kept[i][point] ? value : null)) : ys[i])),
      };
      const names = runs.annotations.map((of, at) => [`annotations[${at}].visible`, keeps(of.flat())]).filter((_, at) => runs.annotations[at].length);
      window.Plotly.update(plot, series, Object.fromEntries(names), places);
    };
    followers.push(apply);
    if (selection) apply();
  }

  // --- tables: sort by header, filter by text; large ones become elements when they come into sight ---
  const MOST_REAL = 200;
  const ROW = 34;
  const collator = new Intl.Collator(language, { numeric: true });
  const numberIn = (text) => {
    const plain = text.replace(/[,\s\u202f]|%$/g, "").replace(/^\u2212/, "-").replace("∞", "Infinity");
    return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain);
  };
  const keyOf = (cell, asNumber, isLarge) => {
    const sort = cell.dataset.sort;
    if (!asNumber) return sort === "" || cell.classList.contains("none") ? null : cell.textContent.trim();
    if (sort === undefined) return isLarge ? numberIn(cell.textContent) : null;
    return sort === "" ? null : Number(sort);
  };
  const compare = (a, b, direction) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
    const order = typeof a.key === "number" ? a.key - b.key || 0 : collator.compare(a.key, b.key);
    return direction * order || a.at - b.at;
  };
  const nextOrder = { none: "ascending", ascending: "descending", descending: "none" };

  // Of a table: rows that name a run.
  const idOf = (row) => {
    const head = row.querySelector("th");
    if (head && Array.from(row.cells).slice(0, head.cellIndex).some((cell) => cell.classList.contains("text"))) return ""; // about a group, whose best run it names
    const named = head && (head.querySelector("code.id") || head.querySelector(".run"));
    if (named) return named.textContent;
    const cell = Array.from(row.cells).find((one) => /^[0-9a-f]{32}$/.test(one.textContent));
    return cell ? cell.textContent : "";
  };
  const ids = new Map();
  const runIn = (row) => {
    if (!ids.has(row)) ids.set(row, idOf(row));
    return ids.get(row) ? selection.runOf(ids.get(row)) : -1;
  };
  const isLeft = (row) => {
    if (!selection || onPaper) return true;
    const run = runIn(row);
    return run < 0 || selection.keeps(run);
  };
  const followedRows = (table, rows, apply) => {
    const note = noted(table.closest(".scroll"));
    followers.push(() => {
      apply();
      const about = selection ? rows.filter((row) => runIn(row) >= 0) : [];
      counted(note, about.filter(isLeft).length, about.length);
    });
    if (selection) followers[followers.length - 1]();
  };

  // Of more than MOST_REAL rows only those in sight are in the page; all have one height then.
  const windowed = (table, body) => {
    const box = table.closest(".scroll");
    box.classList.add("virtual");
    table.setAttribute("aria-rowcount", "-1");
    let shown = [];
    let first = -1;
    const space = (height) => {
      const row = document.createElement("tr");
      row.style.height = `${height}px`;
      row.setAttribute("aria-hidden", "true");
      return row;
    };
    const draw = () => {
      if (onPaper) {
        body.replaceChildren(...shown.slice(0, MOST_REAL));
        return;
      }
      const most = Math.max(0, shown.length * ROW - box.clientHeight + 2 * ROW);
      if (box.scrollTop > most) box.scrollTop = most;
      const from = Math.max(0, Math.floor(box.scrollTop / ROW) - 8);
      if (from === first) return;
      first = from;
      const end = Math.min(shown.length, from + Math.ceil((box.clientHeight || 600) / ROW) + 16);
      shown.slice(from, end).forEach((row, at) => row.setAttribute("aria-rowindex", from + at + 2));
      body.replaceChildren(space(from * ROW), ...shown.slice(from, end), space((shown.length - end) * ROW));
    };
    box.addEventListener("scroll", () => requestAnimationFrame(draw));
    addEventListener("beforeprint", draw);
    addEventListener("afterprint", () => { first = -1; draw(); });
    return (rows) => {
      shown = rows;
      first = -1;
      table.setAttribute("aria-rowcount", rows.length + 1);
      draw();
    };
  };

  const wire = (table, isLarge) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const heads = Array.from(table.tHead.rows[0].cells);
    const isWindowed = rows.length > MOST_REAL;
    if (isLarge) {
      const classes = heads.map((head) => ["num", "fix", "code", "text"].find((name) => head.classList.contains(name)));
      rows.forEach((row) => Array.from(row.cells).forEach((cell, at) => {
        cell.classList.add(classes[at] || "text");
        if (cell.localName === "th") cell.scope = "row";
      }));
    }
    const show = isWindowed ? windowed(table, body) : (chosen) => body.append(...chosen);
    let ordered = rows;
    let wanted = [];
    const texts = new Map();
    const holds = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLocaleLowerCase());
      return wanted.every((word) => texts.get(row).includes(word));
    };
    const fits = (row) => holds(row) && isLeft(row);
    let count = null;
    const apply = () => {
      const left = ordered.filter(fits);
      if (isWindowed) show(left);
      else {
        const kept = new Set(left);
        rows.forEach((row) => { row.hidden = !kept.has(row); });
      }
      if (count) count.textContent = left.length < rows.length ? words.left.replace("{n}", left.length.toLocaleString(language)).replace("{all}", () => all) : all;
    };
    let all = "";
    if (isWindowed) show(rows);
    followedRows(table, rows, apply);
    if (table.dataset.sortable === undefined) return;
    const sortBy = (column, order) => {
      const asNumber = heads[column].dataset.sortAs === "number";
      const keyed = rows.map((row, at) => ({ row, at, key: keyOf(row.cells[column], asNumber, isLarge) }));
      if (order !== "none") keyed.sort((a, b) => compare(a, b, order === "ascending" ? 1 : -1));
      ordered = keyed.map((item) => item.row);
      show(isWindowed ? ordered.filter(fits) : ordered);
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
    count = filter.querySelector("output");
    all = count.textContent;
    field.addEventListener("input", () => {
      wanted = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      apply();
    });
    filter.hidden = false;
  };
  $$("main .scroll > table").forEach((table) => wire(table, false));

  const unfold = (holder) => {
    const packed = holder.querySelector("noscript");
    if (!packed) return;
    const read = new DOMParser().parseFromString(packed.textContent, "text/html");
    const scroll = document.adoptNode(read.body.querySelector(".scroll"));
    const table = scroll.querySelector("table");
    packed.replaceWith(scroll);
    wire(table, true);
  };
  const large = $$(".table.large");
  const coming = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      coming.unobserve(entry.target);
      unfold(entry.target);
    });
  }, { rootMargin: "600px 0px" });
  large.forEach((holder) => coming.observe(holder));
  addEventListener("beforeprint", () => large.filter((holder) => !holder.closest("details:not([open])")).forEach(unfold));

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
