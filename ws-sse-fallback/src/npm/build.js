/*
 * Makes of postern.js, for pages that want less to load or are no modules: postern.min.js, a module, and postern.global.js, a classic script that defines PushSocket; and of
 * postern-shared.js postern-shared.min.js, a module that goes with postern.min.js: names that were shortened there are the same here.
 * Maven's build runs it, by Ant and Rhino, with UglifyJS from the class path of the plugin; no Node is needed.
 */
'use strict';
(function () {
  var version = String(project.getProperty('uglify.version'));
  var folder = String(project.getProperty('browser.folder'));
  // the names of properties that pages, servers and browsers' storage know, besides those that browsers give and those in quotes
  var known = [
    'PushSocket', 'transport', 'unconfirmed', 'from', 'to', 'downtime', 'code', 'reason', 'value', 'life', 'roundTrip', 'token',
    'transports', 'pollInterval', 'headStart', 'firstByteTimeout', 'connectTimeout', 'closeTimeout', 'reconnect', 'WebSocket', 'websocket', 'sse', 'polling',
    'Accept', 'Authorization', 'persisted', 'steal', 'enumerable', 'configurable',
  ];

  function read(stream) {
    return String(new java.lang.String(stream.readAllBytes(), 'UTF-8'));
  }

  function write(name, text) {
    var out = new java.io.FileOutputStream(folder + '/' + name);
    out.write(new java.lang.String(text).getBytes('UTF-8'));
    out.close();
  }

  function uglify() {
    var loader = java.lang.Thread.currentThread().getContextClassLoader();
    var root = 'META-INF/resources/webjars/uglify-js/' + version + '/';
    var names = ['utils', 'ast', 'transform', 'parse', 'scope', 'compress', 'output', 'sourcemap', 'mozilla-ast', 'propmangle', 'minify'];
    var code = names.map(function (name) { return read(loader.getResourceAsStream(root + 'lib/' + name + '.js')); });
    var domprops = JSON.parse(read(loader.getResourceAsStream(root + 'tools/domprops.json')));
    var exported = {};
    // it asks for atob and btoa, and uses them for source maps only
    new Function('exports', 'domprops', 'atob', 'btoa', code.join('\n') + '\nexports.minify = minify;')(exported, domprops, null, null);
    return exported;
  }

  function replaced(text, found, put) {
    if (text.indexOf(found) < 0) throw new Error('not there: ' + found);
    return text.replace(found, put);
  }

  function source(name) {
    var text = read(new java.io.FileInputStream(folder + '/' + name));
    return text.slice(0, text.indexOf('/** The pure part')); // what follows is for tests
  }

  function lastModified(path) {
    return new java.io.File(path).lastModified();
  }

  var sources = [folder + '/postern.js', folder + '/postern-shared.js', String(project.getProperty('browser.script'))];
  var last = 'postern.global.js';
  if (lastModified(folder + '/' + last) > Math.max.apply(null, sources.map(lastModified))) return;
  var minify = uglify().minify;

  /** @returns the short names of properties that another build must use too: private ones are each class's own */
  function build(name, text, names) {
    var cache = { props: names };
    var options = { module: true, compress: { passes: 3 }, mangle: { properties: { reserved: known, keep_quoted: true, cache: cache } } };
    var made = minify({ 'source.js': text }, options);
    if (made.error) throw new Error(name + ': ' + made.error + ', line ' + made.error.line);
    write(name, made.code);
    var all = cache.props.toObject(); // with a $ before each
    var shared = {};
    Object.keys(all).forEach(function (key) {
      if (key.charAt(1) !== '#') shared[key] = all[key];
    });
    return shared;
  }

  var text = source('postern.js');
  var classic = replaced(replaced(text, 'export class PushSocket', 'globalThis.PushSocket = class PushSocket'), 'export default PushSocket;', '');
  var names = build('postern.min.js', text, {});
  build('postern-shared.min.js', replaced(source('postern-shared.js'), "'./postern.js'", "'./postern.min.js'"), names);
  build(last, '(() => {' + classic + '})();', {});
})();
