// The charts of a report, drawn by Chart.js (the global Chart). The live page and the page of --report share them.

export const TRANSPORTS = [
  { id: 'polling', title: 'Polling' },
  { id: 'long-polling', title: 'Long polling' },
  { id: 'sse', title: 'Server-Sent Events' },
  { id: 'websocket', title: 'WebSocket' },
];
const PARTS = { payload: 'payload', framing: 'framing', headers: 'headers', acknowledgements: 'acknowledgements' };

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const TITLES = TRANSPORTS.map(({ title }) => title);

const title = (text) => ({ title: { display: true, text } });

/** One line for each transport. */
const timeSeries = (property, scale) => ({
  type: 'line',
  options: (report, seconds) => {
    const last = Math.ceil(Math.max(5, ...TRANSPORTS.map(({ id }) => report[id].series.at(-1)?.seconds ?? 0)));
    return {
      scales: {
        x: { type: 'linear', min: Math.max(0, last - seconds), max: last, ...title('seconds since the beginning'), ticks: { maxRotation: 0 } },
        y: { beginAtZero: true, grace: '10%', ...scale },
      },
    };
  },
  datasets: (report) => TRANSPORTS.map(({ id, title }) => ({
    label: title,
    data: report[id].series.filter((point) => point[property] !== null).map((point) => ({ x: point.seconds, y: point[property] })),
    borderColor: color(id),
    backgroundColor: color(id),
    borderWidth: 2,
    pointRadius: 0,
    pointHitRadius: 8,
  })),
});

/** One bar for each transport. */
const bars = (valueOf, scale) => ({
  type: 'bar',
  labels: () => TITLES,
  options: () => ({ scales: { y: { beginAtZero: true, ...scale } }, plugins: { legend: { display: false } } }),
  datasets: (report) => [{
    label: scale.title.text,
    data: TRANSPORTS.map(({ id }) => valueOf(report[id])),
    backgroundColor: TRANSPORTS.map(({ id }) => color(id)),
    maxBarThickness: 60,
  }],
});

const logarithmic = (text) => ({
  type: 'logarithmic',
  beginAtZero: false,
  ...title(text),
  ticks: { callback: (value) => ([1, 2, 5].includes(Number((value / 10 ** Math.floor(Math.log10(value))).toFixed(6))) ? `${value}` : null) },
});

const CHARTS = [
  {
    id: 'distribution',
    title: 'How long messages were on their way',
    why: 'SSE and WebSocket send a message the moment it is there; long polling must often wait for the next request first; with polling a message waits for half an interval on average.',
    type: 'bar',
    labels: (report) => shownBars(report).map((upTo) => (upTo === null ? 'more' : `≤ ${upTo.toLocaleString('en')}`)),
    options: () => ({ scales: { x: { ...title('milliseconds') }, y: { beginAtZero: true, max: 100, ...title('% of messages') } } }),
    datasets: (report) => TRANSPORTS.map(({ id, title: label }) => ({
      label,
      data: shownBars(report).map((upTo) => report[id].latencyDistribution.find((bar) => bar.upToMillis === upTo).percent),
      backgroundColor: color(id),
    })),
  },
  {
    id: 'latency',
    title: 'Latency over time (p50 of half a second)',
    why: 'The axis is logarithmic. A line is flat while the network is well; a broken connection or a held-back response shows as a peak, because what had to wait arrives late, but arrives.',
    ...timeSeries('p50', logarithmic('milliseconds')),
  },
  {
    id: 'bytes',
    title: 'Bytes on the wire per message',
    why: 'HTTP headers cost a few hundred bytes for each request, so polls that bring one message are dear, and polls that bring many are cheap; a stream pays them once, and a WebSocket frames a message with 2 to 4 bytes.',
    type: 'bar',
    labels: () => TITLES,
    options: () => ({ scales: { x: { stacked: true }, y: { stacked: true, beginAtZero: true, ...title('bytes, both ways') } } }),
    datasets: (report) => Object.entries(PARTS).map(([part, label]) => ({
      label,
      data: TRANSPORTS.map(({ id }) => report[id].bytesPerMessage[part]),
      backgroundColor: color(part),
      maxBarThickness: 60,
    })),
  },
  {
    id: 'requests',
    title: 'HTTP requests per message',
    why: 'Long polling asks again after each batch, polling at fixed times whether there is something or not; SSE and WebSocket asked once, before counting began, and SSE adds a rare acknowledgement.',
    ...bars((m) => m.requestsPerMessage, title('requests')),
  },
  {
    id: 'cpu',
    title: 'Server CPU for 1,000 messages',
    why: 'Most of it is the handling of requests: parsing a head, finding the session, writing a head. A message on an open stream or WebSocket needs little more than the write.',
    ...bars((m) => m.serverCpuMillisPerThousand, title('milliseconds')),
  },
  {
    id: 'cpu-time',
    title: 'Server CPU over time',
    why: 'Each transport has a server process of its own, so its line is its own cost. It rises with the rate, the number of clients and the number of requests, and hardly with the size of messages.',
    ...timeSeries('cpuPercent', title('% of one processor')),
  },
  {
    id: 'heap',
    title: 'Server memory over time',
    why: 'The heap in use grows by the garbage of each request or message and falls when it is collected: the steeper a line, the more garbage. What stays after a fall is what sessions and connections need.',
    ...timeSeries('heapMebibytes', title('MiB of heap')),
  },
  {
    id: 'connections',
    title: 'Open connections over time',
    why: 'Every waiting client holds one, whether it is a poll, a stream or a WebSocket. Plain polling keeps its connection between polls to save the opening; a second one of a client carries acknowledgements.',
    ...timeSeries('connections', { ...title('TCP connections'), ticks: { precision: 0 } }),
  },
];

/** The ends of those bars that some transport has messages in, and of those between them. */
function shownBars(report) {
  const ends = report[TRANSPORTS[0].id].latencyDistribution.map((bar) => bar.upToMillis);
  const isUsed = ends.map((_, index) => TRANSPORTS.some(({ id }) => report[id].latencyDistribution[index].percent > 0));
  return isUsed.includes(true) ? ends.slice(isUsed.indexOf(true), isUsed.lastIndexOf(true) + 1) : ends;
}

/** All charts of a report, in a grid. */
export class Charts {
  #charts;
  #seconds;

  /** Draws in an element; time series show so many seconds, up to the last one. */
  constructor(place, seconds) {
    this.#seconds = seconds;
    Object.assign(Chart.defaults, { animation: false, responsive: true, maintainAspectRatio: false });
    Chart.defaults.font.family = 'system-ui, sans-serif';
    Object.assign(Chart.defaults.plugins.legend.labels, { boxWidth: 12, boxHeight: 12 });
    this.#charts = CHARTS.map((description) => ({ description, canvas: figure(place, description) }));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  /** Shows a report; may be called again with a newer one. */
  show(report) {
    this.report = report;
    this.#draw();
  }

  #draw() {
    if (this.report === undefined) return;
    Chart.defaults.color = color('quiet');
    Chart.defaults.borderColor = color('line');
    for (const one of this.#charts) {
      const { type, labels, datasets, options } = one.description;
      const data = { labels: labels?.(this.report), datasets: datasets(this.report) };
      if (one.chart === undefined) {
        one.chart = new Chart(one.canvas, { type, data, options: options(this.report, this.#seconds) });
      } else {
        // the datasets stay the same objects, so that one that was hidden by a click on the legend stays hidden
        one.chart.data.labels = data.labels;
        data.datasets.forEach((dataset, index) => Object.assign(one.chart.data.datasets[index], dataset));
        one.chart.options = options(this.report, this.#seconds);
        one.chart.update('none');
      }
    }
  }
}

function figure(place, { id, title: text, why }) {
  const element = document.createElement('figure');
  element.id = `chart-${id}`;
  element.innerHTML = '<h2></h2><div class="canvas"><canvas role="img"></canvas></div><figcaption></figcaption>';
  element.querySelector('h2').textContent = text;
  element.querySelector('figcaption').textContent = why;
  const canvas = element.querySelector('canvas');
  canvas.setAttribute('aria-label', `Chart: ${text}. ${why}`);
  place.append(element);
  return canvas;
}
