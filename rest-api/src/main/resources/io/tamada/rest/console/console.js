// The console: shows what this member knows of its cluster, and commands it over the same interface as tamadactl.

import { bytes, chart, colourOf, lagSeries, walSeries } from "./charts.js";

const $ = id => document.getElementById(id);
const state = { cluster: null, live: null, leaderLive: null, leaderLiveAt: 0, config: null, credentials: null };

// ---- asking

class Refused extends Error {}

async function ask(path, method = "GET", body = null) {
  const headers = {};
  if (state.credentials) headers.Authorization = state.credentials;
  if (body !== null) headers["Content-Type"] = "application/json";
  // Without the browser's own credentials: it would ask for them in a window of its own.
  const response = await fetch(".." + path, { method, headers, credentials: "omit",
    body: body === null ? undefined : JSON.stringify(body) });
  if (response.status === 401 && await signIn()) return ask(path, method, body);
  const text = await response.text();
  if (!response.ok) throw new Refused(`${response.status}: ${text || response.statusText}`);
  return (response.headers.get("Content-Type") || "").startsWith("application/json") ? JSON.parse(text) : text;
}

async function orNull(promise) {
  try { return await promise; } catch { return null; }
}

// ---- showing

async function refresh() {
  const [live, cluster, history, journal] = await Promise.all([
    orNull(ask("/live")), orNull(ask("/cluster")), orNull(ask("/history")), orNull(ask("/journal?most=60"))]);
  state.live = live;
  state.cluster = cluster;
  if (live === null) {
    say("summary", "This member does not answer; trying again…");
    return;
  }
  await refreshLease();
  $("scope").textContent = live.scope;
  document.title = `${live.scope} – Tamada`;
  $("self").textContent = live.name;
  showSummary();
  showMembers();
  showHistory(history || []);
  showJournal(journal || []);
}

async function refreshLease() {
  const leader = state.live && state.live.leader;
  state.leaderLive = !leader ? null
    : leader === state.live.name ? state.live : await orNull(ask(`/members/${encodeURIComponent(leader)}/live`));
  state.leaderLiveAt = performance.now();
}

function showSummary() {
  const { live, cluster } = state;
  const members = cluster ? cluster.members : [];
  const well = members.filter(m => m.state === "streaming" || (m.state === "running" && isLeader(m))).length;
  const parts = [live.leader ? `${live.leader} leads` : "nobody leads", `${well} of ${members.length} members well`];
  if (live.paused) parts.push("paused: no automatic failover");
  if (!live.store.reachable) parts.push(`the store is silent; what is shown is ${seconds(live.store.age_ms)} old`);
  if (live.failsafe_active) parts.push("failsafe mode is active");
  say("summary", parts.join(" · "));
  $("pause").textContent = live.paused ? "Resume…" : "Pause…";
  $("pause").setAttribute("aria-pressed", String(live.paused));
}

// An aria-live region is only touched when it says something new.
function say(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function showLease() {
  const live = state.leaderLive;
  const lease = live && live.lease;
  if (!lease) {
    say("lease-text", state.live && state.live.leader
      ? `${state.live.leader} leads; its lease can't be asked for now.` : "Nobody is known to lead.");
    $("lease").value = 0;
    return;
  }
  const left = Math.max(0, lease.remaining_ms - (performance.now() - state.leaderLiveAt));
  const meter = $("lease");
  meter.max = lease.ttl_ms;
  meter.low = lease.ttl_ms / 3;
  meter.value = left;
  meter.setAttribute("aria-valuetext", `${seconds(left)} of ${seconds(lease.ttl_ms)}`);
  $("lease-text").textContent = `${live.name}: ${seconds(left)} of ${seconds(lease.ttl_ms)} left. ${live.decision}`;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const isLeader = member => member.role === "leader" || member.role === "standby_leader";

function showMembers() {
  const rows = (state.cluster ? state.cluster.members : []).map(member => {
    const row = document.createElement("tr");
    if (isLeader(member)) row.className = "leader";
    const name = cell("th", member.name + (member.name === state.live.name ? " (this one)" : ""));
    name.scope = "row";
    row.append(name,
      cell("td", roleWord(member), "Role"),
      cell("td", notes(member), "State", colourOfState(member)),
      cell("td", member.timeline ?? "", "Timeline"),
      cell("td", isLeader(member) ? "" : typeof member.lag === "number" ? bytes(member.lag) : "unknown", "Lag", "number"),
      cell("td", member.lsn && member.lsn !== "unknown" ? member.lsn : "", "LSN", "number"),
      cell("td", member.host ? `${member.host}:${member.port}` : "", "Address"),
      memberActions(member));
    return row;
  });
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
  $("members").replaceChildren(...rows);
  if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function roleWord(member) {
  return { leader: "Leader", standby_leader: "Standby leader", sync_standby: "Sync standby",
    quorum_standby: "Quorum standby", replica: "Replica" }[member.role] || member.role;
}

function notes(member) {
  const parts = [member.state];
  if (member.pending_restart) parts.push("restart pending");
  if (member.scheduled_restart) parts.push(`restart at ${when(member.scheduled_restart.schedule)}`);
  return parts.join(", ");
}

function colourOfState(member) {
  if (member.state === "streaming" || (member.state === "running" && isLeader(member))) return "good";
  return /fail|crash|stopped/.test(member.state) ? "bad" : "warn";
}

function cell(kind, text, label, style) {
  const node = document.createElement(kind);
  node.textContent = text;
  if (label) node.dataset.label = label;
  if (style) node.className = style;
  return node;
}

function memberActions(member) {
  const node = document.createElement("td");
  node.className = "member-actions";
  node.append(button("Restart…", `restart ${member.name}`, () => restart(member)), " ");
  if (!isLeader(member)) node.append(button("Reinitialize…", `reinitialize ${member.name}`, () => reinitialize(member)));
  return node;
}

function button(text, key, action) {
  const node = document.createElement("button");
  node.type = "button";
  node.textContent = text;
  node.dataset.key = key;
  node.setAttribute("aria-label", text.replace("…", "") + " " + key.split(" ").slice(1).join(" "));
  node.addEventListener("click", action);
  return node;
}

function showHistory(history) {
  const items = history.slice(-50).reverse().map(([timeline, lsn, reason, at, leader]) =>
    item(`${at ? when(at) : ""} timeline ${timeline} ended at ${lsnText(lsn)}${leader ? `, then ${leader} led` : ""}`, [reason]));
  $("history").replaceChildren(...(items.length ? items : [item("No change of leader so far.", [])]));
}

function showJournal(journal) {
  $("journal").replaceChildren(...journal.slice().reverse().map(entry =>
    item(`${when(entry.at)} ${entry.decision}${entry.times > 1 ? ` (${entry.times} times)` : ""}`,
      [...entry.because, entry.outcome].filter(line => line))));
}

function item(text, lines) {
  const node = document.createElement("li");
  node.append(text);
  for (const line of lines) {
    const more = document.createElement("div");
    more.className = "quiet";
    more.textContent = line;
    node.append(more);
  }
  return node;
}

function lsnText(value) {
  const number = BigInt(value);
  return `${(number >> 32n).toString(16)}/${(number & 0xffffffffn).toString(16)}`.toUpperCase();
}

function when(iso) {
  const date = new Date(iso);
  return isNaN(date) ? String(iso) : date.toLocaleString([], { dateStyle: "short", timeStyle: "medium" });
}

async function refreshCharts() {
  const trend = await orNull(ask("/trend"));
  if (trend === null) return;
  const samples = trend.samples;
  const names = [...new Set(samples.flatMap(s => Object.keys(s.members)))].sort();
  $("lag-chart").replaceChildren(chart(samples, lagSeries(samples, names), "Lag behind the primary", "", $("lag-chart").clientWidth));
  $("wal-chart").replaceChildren(chart(samples, walSeries(samples), "WAL written", "/s", $("wal-chart").clientWidth));
  $("legend").replaceChildren(...names.map((name, index) => {
    const entry = document.createElement("li");
    const line = document.createElement("span");
    line.style.background = colourOf(index);
    entry.append(line, name);
    return entry;
  }));
}

function tell(text) {
  $("message").textContent = text;
  $("message").hidden = !text;
}

// ---- asking people

// Shows a dialog; resolves to true once `go` has succeeded, to false when it was left.
function dialog(title, body, goText, go) {
  return new Promise(resolve => {
    const box = $("dialog"), form = box.querySelector("form");
    $("dialog-title").textContent = title;
    $("dialog-body").replaceChildren(...body);
    $("dialog-error").textContent = "";
    $("dialog-go").textContent = goText;
    $("dialog-go").disabled = false;
    const leave = result => {
      form.onsubmit = null;
      box.onclose = null;
      if (box.open) box.close();
      resolve(result);
    };
    // The event comes late: the dialog before this one may have caused it.
    box.onclose = () => { if (!box.open) leave(false); };
    $("dialog-cancel").onclick = () => leave(false);
    form.onsubmit = async event => {
      event.preventDefault();
      $("dialog-go").disabled = true;
      $("dialog-error").textContent = "";
      try {
        await go();
        leave(true);
      } catch (problem) {
        $("dialog-error").textContent = problem.message;
        $("dialog-go").disabled = false;
      }
    };
    if (!box.open) box.showModal();
  });
}

function field(label, input) {
  const node = document.createElement("label");
  node.append(label, input);
  return node;
}

function input(type, value = "") {
  const node = document.createElement("input");
  node.type = type;
  node.value = value;
  return node;
}

function paragraph(text) {
  const node = document.createElement("p");
  node.textContent = text;
  return node;
}

// A dialog above the one that is open, which goes on when somebody has signed in.
function signIn() {
  return new Promise(resolve => {
    const box = document.createElement("dialog");
    const user = input("text"), password = input("password");
    user.autocomplete = "username";
    password.autocomplete = "current-password";
    const form = document.createElement("form");
    form.method = "dialog";
    const title = document.createElement("h2");
    title.textContent = "Changes to this cluster need a user and password";
    const go = document.createElement("button");
    go.textContent = "Sign in";
    form.append(title, field("User", user), field("Password", password), go);
    form.onsubmit = event => { event.preventDefault(); box.close("ok"); };
    box.onclose = () => {
      box.remove();
      const given = box.returnValue === "ok" && user.value !== "";
      if (given) {
        const utf8 = new TextEncoder().encode(`${user.value}:${password.value}`);
        state.credentials = "Basic " + btoa(String.fromCharCode(...utf8));
      }
      resolve(given);
    };
    box.append(form);
    document.body.append(box);
    box.showModal();
  });
}

// ---- commands

async function switchover() {
  if (!state.live) return;
  const leader = state.live.leader;
  const others = (state.cluster ? state.cluster.members : []).filter(m => !isLeader(m));
  const candidate = document.createElement("select");
  if (!state.live.paused) candidate.append(new Option("the best one", ""));
  candidate.append(...others.map(m => new Option(`${m.name} (${m.state}, lag ${typeof m.lag === "number" ? bytes(m.lag) : "unknown"})`, m.name)));
  const at = input("datetime-local");
  const failover = !leader;
  let answer = "";
  const done = await dialog(failover ? "Failover" : `Switchover from ${leader}`, [
    paragraph(failover ? "Nobody leads. The member you choose becomes the leader, whether or not it has everything."
      : "Clients can't write for a moment while the leadership moves."),
    field("New leader", candidate),
    ...(failover ? [] : [field("At (empty: now)", at)])],
  failover ? "Fail over" : "Switch over", async () => {
    const body = { candidate: candidate.value || undefined };
    if (!failover) {
      body.leader = leader;
      if (at.value) body.scheduled_at = new Date(at.value).toISOString();
    }
    answer = await ask(failover ? "/failover" : "/switchover", "POST", body);
  });
  if (done) tell(answer);
  await refresh();
}

async function pause() {
  if (!state.live) return;
  const paused = state.live.paused;
  const done = await dialog(paused ? "Resume" : "Pause", [paragraph(paused
    ? "Automatic failover is on again."
    : "No automatic failover until it is resumed: a primary that dies stays dead.")],
  paused ? "Resume" : "Pause", () => ask("/config", "PATCH", { pause: paused ? null : true }));
  if (done) tell(paused ? "Resumed." : "Paused.");
  await refresh();
}

async function restart(member) {
  const pending = input("checkbox");
  let answer = "";
  const done = await dialog(`Restart ${member.name}`, [
    paragraph(isLeader(member) ? "This is the leader: clients can't write while it restarts." : "Its clients lose their connections."),
    field("Only if a restart is pending ", pending)],
  "Restart", async () => {
    answer = await ask(`/members/${encodeURIComponent(member.name)}/restart`, "POST", pending.checked ? { restart_pending: true } : {});
  });
  if (done) tell(`${member.name}: ${answer}`);
  await refresh();
}

async function reinitialize(member) {
  const confirmation = input("text");
  let answer = "";
  const done = await dialog(`Reinitialize ${member.name}`, [
    paragraph("All data of this replica is removed and copied again from another member."),
    field(`Type ${member.name} to confirm`, confirmation)],
  "Reinitialize", async () => {
    if (confirmation.value !== member.name) throw new Refused(`The name does not match: ${member.name}`);
    answer = await ask(`/members/${encodeURIComponent(member.name)}/reinitialize`, "POST", {});
  });
  if (done) tell(`${member.name}: ${answer}`);
  await refresh();
}

async function editConfig() {
  const before = await orNull(ask("/config"));
  if (before === null) return tell("The configuration can't be read now.");
  const text = document.createElement("textarea");
  text.spellcheck = false;
  text.value = JSON.stringify(before, null, 2);
  let patch = {};
  const edited = await dialog("Configuration of the cluster", [field("As JSON", text)], "Show the change", async () => {
    let after;
    try { after = JSON.parse(text.value); } catch (problem) { throw new Refused(`Not JSON: ${problem.message}`); }
    if (after === null || typeof after !== "object" || Array.isArray(after)) throw new Refused("It must be an object: { … }");
    patch = mergePatch(before, after);
    if (Object.keys(patch).length === 0) throw new Refused("Nothing was changed.");
  });
  if (!edited) return;
  const shown = document.createElement("pre");
  shown.textContent = JSON.stringify(patch, null, 2);
  const done = await dialog("Apply this change?", [paragraph("null removes a setting."), shown], "Apply",
    () => ask("/config", "PATCH", patch));
  if (done) tell("The configuration was changed.");
  await refresh();
}

// What turns one document into the other, as PATCH takes it.
function mergePatch(before, after) {
  const patch = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!(key in after)) patch[key] = null;
    else if (isObject(before[key]) && isObject(after[key])) {
      const inner = mergePatch(before[key], after[key]);
      if (Object.keys(inner).length) patch[key] = inner;
    } else if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) patch[key] = after[key];
  }
  return patch;
}

const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value);

// ---- life

let refreshing = null, again = false;

// At most one refresh at a time, and one more afterwards when something happened meanwhile.
async function soon() {
  if (refreshing) { again = true; return; }
  refreshing = refresh();
  try { await refreshing; } finally { refreshing = null; }
  if (again) { again = false; setTimeout(soon, 100); }
}

const events = new EventSource("../events");
for (const kind of ["role", "state", "leader", "member", "config", "lease-acquired", "lease-lost", "task-ended", "store-silent", "store-back", "decision"]) {
  events.addEventListener(kind, soon);
}
events.addEventListener("error", () => say("summary", "This member does not answer; trying again…"));
events.addEventListener("open", soon);
$("switchover").addEventListener("click", switchover);
$("pause").addEventListener("click", pause);
$("config").addEventListener("click", editConfig);
setInterval(showLease, 200);
setInterval(async () => { await refreshLease(); }, 1000);
setInterval(soon, 5000);
setInterval(refreshCharts, 10000);
addEventListener("resize", refreshCharts);
soon();
refreshCharts();
