// Runs before the first paint, as a script of its own: the page's policy forbids inline ones. Plain
// script for any browser that can show the board.
(function () {
  'use strict';
  /** A file of the page did not come: the collector restarts, or was updated at this very moment. */
  var AGAIN_MS = 10000;
  var root = document.documentElement;
  var own = document.currentScript.dataset;
  var kiosk = new URLSearchParams(location.search).get('kiosk');
  var settings = {};
  try {
    settings = JSON.parse(localStorage.getItem('ppe-pulse.settings') || '{}') || {};
    // Kept at once: who goes on before the rest of the page has come stays in the kiosk.
    if (kiosk === null) kiosk = sessionStorage.getItem('ppe-pulse.kiosk');
    else if (kiosk === '1') sessionStorage.setItem('ppe-pulse.kiosk', '1');
    else if (kiosk === '0') sessionStorage.removeItem('ppe-pulse.kiosk');
  } catch {
    // Storage is forbidden, or holds something else: the defaults do.
  }
  root.dataset.theme = settings.theme === 'light' ? 'light' : 'dark';
  root.lang = settings.language === 'en' ? 'en' : 'ru';
  if (settings.theme === 'light')
    document.querySelector('meta[name=color-scheme]').content = 'light';
  if (kiosk === '1') root.dataset.kiosk = '';
  if (root.lang === 'en')
    document.addEventListener('DOMContentLoaded', function () {
      var waiting = document.querySelector('.boot');
      if (waiting) waiting.textContent = waiting.dataset.en;
    });
  addEventListener(
    'error',
    function (event) {
      var isFile = event.target && (event.target.src || event.target.href);
      // Once the board has begun it looks after itself.
      if (isFile && document.querySelector('.boot'))
        setTimeout(function () {
          location.reload();
        }, AGAIN_MS);
    },
    true,
  );
  // The first picture travels while the scripts do: they find it here, see `live/early-line.ts`.
  if (location.pathname !== own.noLineAt) {
    var socket = new WebSocket(
      location.origin.replace(/^http/, 'ws') + own.livePath,
      own.liveSubprotocol,
    );
    var listening = new AbortController();
    var early = { socket: socket, frames: [], stopListening: listening.abort.bind(listening) };
    var how = { signal: listening.signal };
    var greet = socket.send.bind(socket, own.liveHello);
    socket.addEventListener('open', greet, how);
    socket.addEventListener(
      'message',
      function (event) {
        early.frames.push(event.data);
      },
      how,
    );
    window.ppePulseEarlyLine = early;
  }
  // The browser reads its languages and zones when the first formatter is made, for 40 ms: while the scripts
  // travel it has the time, and the first picture needs one.
  setTimeout(function () {
    Intl.DateTimeFormat(root.lang);
  });
})();
