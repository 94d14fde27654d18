// The live page: receives reports and samples over a push session, shows them, and sends commands.
import { PushSocket } from '/postern/postern.js';
import { Charts, TRANSPORTS } from './charts.js';

const SECONDS = 60; // of time series
const POINTS = 120; // that there are in so many seconds, one with each sample
const SETTLING = 2000; // ms after a change of the network by this page, in which samples may still tell of before
const REDRAW = 2; // samples between two drawings of the charts
const byId = (id) => document.getElementById(id);

const millis = (value) => (value === null ? '–' : `${value.toFixed(value < 10 ? 2 : 1)} ms`);
const whole = (value) => value.toLocaleString('en');
const decimal = (value, digits) => (value === null ? '–' : Number(value.toFixed(digits)).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));

/** One transport's place on the page. */
class Lane {
  constructor({ id, title }) {
    this.id = id;
    this.section = byId('lane').content.cloneNode(true).firstElementChild;
    this.section.id = `lane-${id}`;
    this.section.style.setProperty('--lane', `var(--${id})`);
    this.section.querySelector('h2').textContent = title;
    byId('lanes').append(this.section);
  }

  show(sample) {
    const { latencyMillis, bytesPerMessage } = sample;
    this.put('delivered', whole(sample.delivered));
    this.put('lost', whole(sample.lost + sample.disordered));
    this.section.querySelector('[data-row=lost]').classList.toggle('wrong', sample.lost + sample.disordered !== 0);
    this.put('waiting', whole(Math.max(0, sample.expected - sample.delivered - sample.lost)));
    this.put('p50', millis(latencyMillis.p50));
    this.put('p99', millis(latencyMillis.p99));
    this.put('bytes', bytesPerMessage.down === null ? '–' : decimal(bytesPerMessage.down + bytesPerMessage.up, 1));
    this.put('requests', decimal(sample.requestsPerMessage, 3));
    this.put('cpu', decimal(sample.serverCpuMillisPerThousand, 0));
    this.put('heap', `${decimal(sample.serverHeapMebibytes, 1)} MiB`);
    this.put('connections', whole(sample.connections));
    this.showCarriers(sample.carriers);
    this.list('.newest', sample.newest.map(({ n, latency, data }) => entry(`#${n} ${millis(latency)} `, data)));
    this.list('.events', sample.events.map((event) => entry('', event)));
  }

  showCarriers(carriers) {
    const element = this.section.querySelector('.carrier');
    element.textContent = `carried by ${Object.entries(carriers).map(([id, clients]) => `${titleOf(id)} × ${clients}`).join(', ')}`;
    element.classList.toggle('other', Object.keys(carriers).some((id) => id !== this.id));
  }

  put(name, text) {
    const element = this.section.querySelector(`[data-value=${name}]`);
    if (element.textContent !== text) element.textContent = text;
  }

  list(name, entries) {
    this.section.querySelector(name).replaceChildren(...entries);
  }
}

const titleOf = (id) => TRANSPORTS.find((transport) => transport.id === id).title;

function entry(head, text) {
  const item = document.createElement('li');
  const quiet = document.createElement('b');
  quiet.textContent = head;
  item.append(quiet, text);
  return item;
}

const lanes = TRANSPORTS.map((transport) => new Lane(transport));
const charts = new Charts(byId('charts'), SECONDS);
const socket = new PushSocket('/live');
let report;
let samples = 0;
let networkChanged = -Infinity;

socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.report !== undefined) begin(message.report);
  if (message.sample !== undefined && report !== undefined) show(message.sample);
  if (message.wrong !== undefined) fail(message.wrong);
};
socket.onclose = ({ code, reason }) => {
  say(`The comparison has ended (${reason || code}). Start it again and reload this page.`, true);
};

/** A measurement has begun, or was under way when this page came. */
function begin(newReport) {
  report = newReport;
  samples = 0;
  byId('interval').value = report.intervalMillis;
  byId('size').value = report.sizeBytes;
  byId('clients').value = report.clients;
  byId('poll-interval').value = report.pollIntervalMillis;
  showNetwork(report.network);
  byId('measure').disabled = false;
  say('Measuring.');
  charts.show(report);
}

function show(sample) {
  showNetwork(sample.network);
  TRANSPORTS.forEach(({ id }, index) => {
    const { series } = report[id];
    lanes[index].show(sample[id]);
    if (sample[id].point !== undefined) series.push(sample[id].point);
    if (series.length > POINTS) series.shift();
    report[id] = { ...sample[id], series };
  });
  if (samples++ % REDRAW === 0 && !document.hidden) charts.show(report);
}

/** Shows what the network is like, also when another page has changed it; not in a field that is being edited, nor over what was just changed here. */
function showNetwork({ latencyMillis, webSocketBlocked, buffering }) {
  if (performance.now() - networkChanged < SETTLING) return;
  if (document.activeElement !== byId('latency')) byId('latency').value = latencyMillis;
  byId('web-socket-blocked').checked = webSocketBlocked;
  byId('buffering').checked = buffering;
}

function say(text, isWrong = false) {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
  status.classList.toggle('wrong', isWrong);
}

function fail(sentence) {
  say(`${sentence}.`, true);
  byId('measure').disabled = false;
}

function command(what, parameters) {
  socket.send(JSON.stringify({ do: what, ...parameters }));
}

byId('settings').onsubmit = (event) => {
  event.preventDefault();
  byId('measure').disabled = true;
  say('A new measurement begins …');
  command('measure', {
    intervalMillis: byId('interval').valueAsNumber,
    sizeBytes: byId('size').valueAsNumber,
    clients: byId('clients').valueAsNumber,
    pollIntervalMillis: byId('poll-interval').valueAsNumber,
  });
};
byId('network').onchange = () => {
  if (!byId('network').reportValidity()) return;
  networkChanged = performance.now();
  command('network', {
    latencyMillis: byId('latency').valueAsNumber,
    webSocketBlocked: byId('web-socket-blocked').checked,
    buffering: byId('buffering').checked,
  });
};
byId('network').onsubmit = (event) => event.preventDefault();
byId('cut').onclick = () => command('cut', {});
