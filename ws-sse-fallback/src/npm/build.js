/*
 * Makes of postern.js, for pages that want less to load or are no modules: postern.min.js, a module, and postern.global.js, a classic script that defines PushSocket.
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
    'Accept', 'Authorization', 'persisted', 'enumerable', 'configurable',
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
    if (text.indexOf(found) < 0) throw new Error('not in postern.js: ' + found);
    return text.replace(found, put);
  }

  var source = new java.io.File(folder, 'postern.js');
  var result = new java.io.File(folder, 'postern.global.js');
  if (result.lastModified() > Math.max(source.lastModified(), new java.io.File(String(project.getProperty('browser.script'))).lastModified())) return;
  var text = read(new java.io.FileInputStream(source));
  text = text.slice(0, text.indexOf('/** The pure parts, for their tests'));
  var minify = uglify().minify;
  var options = { module: true, compress: { passes: 3 }, mangle: { properties: { reserved: known, keep_quoted: true } } };
  var classic = replaced(replaced(text, 'export class PushSocket', 'globalThis.PushSocket = class PushSocket'), 'export default PushSocket;', '');
  [['postern.min.js', text], ['postern.global.js', '(() => {' + classic + '})();']].forEach(function (build) {
    var made = minify({ 'postern.js': build[1] }, options);
    if (made.error) throw new Error(build[0] + ': ' + made.error + ', line ' + made.error.line);
    write(build[0], made.code);
  });
})();
