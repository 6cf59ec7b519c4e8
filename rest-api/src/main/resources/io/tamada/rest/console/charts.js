// Line charts of the last hour, drawn as SVG. Pure: samples in, elements out.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 144, LEFT = 62, BOTTOM = 18, TOP = 8;
const COLOURS = ["#2f7d5b", "#b4541f", "#3465c0", "#8e44ad", "#a08000", "#007f8c", "#c0392b"];

export function colourOf(index) {
  return COLOURS[index % COLOURS.length];
}

export function bytes(value) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return (unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)) + " " + units[unit];
}

// Lag of each member behind the primary, per sample; the leader itself is left out.
export function lagSeries(samples, names) {
  return names.map(name => samples.map(s => name === s.leader || !(name in s.members)
    ? null : Math.max(0, s.position - s.members[name])));
}

// Bytes of WAL written per second, between one sample and the one before.
export function walSeries(samples) {
  return [samples.map((s, i) => {
    if (i === 0) return null;
    const seconds = (Date.parse(s.at) - Date.parse(samples[i - 1].at)) / 1000;
    return seconds > 0 ? Math.max(0, s.position - samples[i - 1].position) / seconds : null;
  })];
}

// One line per series, as wide as there is room, so that letters keep their size; null leaves a gap.
export function chart(samples, series, label, suffix, width) {
  const known = series.flat().filter(v => v !== null);
  const most = Math.max(1, ...known);
  const svg = element("svg", { class: "chart", viewBox: `0 0 ${width} ${HEIGHT}`, role: "img",
    "aria-label": known.length === 0 ? `${label}: nothing yet` : `${label}: at most ${bytes(most)}${suffix}, now ${nowOf(series, suffix)}` });
  const first = samples.length ? Date.parse(samples[0].at) : 0;
  const span = Math.max(1, samples.length ? Date.parse(samples[samples.length - 1].at) - first : 1);
  const x = at => LEFT + (width - LEFT - 4) * (Date.parse(at) - first) / span;
  const y = value => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most;
  for (const value of [0, most]) {
    svg.append(element("line", { class: "axis", x1: LEFT, x2: width - 4, y1: y(value), y2: y(value) }));
    svg.append(text(0, y(value) + 4, bytes(value) + suffix));
  }
  if (samples.length) {
    svg.append(text(LEFT, HEIGHT - 4, clock(samples[0].at)));
    svg.append(text(width - 4, HEIGHT - 4, clock(samples[samples.length - 1].at), "end"));
  }
  series.forEach((values, index) => {
    let path = "", drawing = false;
    values.forEach((value, i) => {
      if (value === null) { drawing = false; return; }
      path += `${drawing ? "L" : "M"}${x(samples[i].at).toFixed(1)} ${y(value).toFixed(1)}`;
      drawing = true;
    });
    if (path) svg.append(element("path", { d: path, stroke: colourOf(index) }));
  });
  return svg;
}

function nowOf(series, suffix) {
  return series.map(values => values.length && values[values.length - 1] !== null
    ? bytes(values[values.length - 1]) + suffix : "unknown").join(", ");
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function text(x, y, content, anchor = "start") {
  const node = element("text", { x, y, "text-anchor": anchor });
  node.textContent = content;
  return node;
}

function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
