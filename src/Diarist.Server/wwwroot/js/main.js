// The page: which view is shown, and what surrounds it.
import { connectionBar } from './connectionbar.js';
import { connect } from './events.js';
import { serverInfo } from './info.js';
import { addKeys, showKeySheet } from './keys.js';
import { showLibrary } from './library.js';
import { showRecording } from './recordingview.js';
import { themeButton } from './theme.js';

const [main, title, actions] = ['main', 'title', 'view-actions'].map(id => document.getElementById(id));
let close = () => { };

/** The address after # says what is shown: #/ or #/recording/ID. */
async function route(focus) {
    close();
    close = () => { };
    const info = await serverInfo();
    const id = /^#\/recording\/([^/]+)$/.exec(location.hash)?.[1];
    close();
    close = id ? showRecording(decodeURIComponent(id), { main, title, actions }) : showLibrary(main, info);
    if (focus) {
        main.focus();
    }
}

themeButton(document.getElementById('theme'));
connectionBar(document.getElementById('gone'));
document.getElementById('help').addEventListener('click', showKeySheet);
document.querySelector('.skip').addEventListener('click', event => {
    event.preventDefault();
    main.focus();
});
addKeys({ group: 'Everywhere', entries: [{ keys: ['?'], text: 'This sheet', run: showKeySheet }] });
window.addEventListener('hashchange', () => route(true));
// After the key, if one is asked for: without it the stream would be refused, and the server would seem to be gone.
route(false).finally(connect);
