// News from the server, and whether it is there. When the stream breaks, it is opened again after 0.5, 1, 2, … at most 8 s.
import { api } from './api.js';
import { Store } from './store.js';

/** {state: 'connecting' | 'online' | 'offline', next: time of the next try in ms, or 0}. */
export const connection = new Store({ state: 'connecting', next: 0 });

const listeners = new Set();
let source = null;
let timer = 0;
let failures = 0;

/** Hears {type: 'recording', recording}, {type: 'deleted', id}, and {type: 'connected'} after every connecting. */
export function onEvent(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

function tell(event) {
    [...listeners].forEach(listener => listener(event));
}

/** Opens the stream now. */
export function connect() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(api.eventsPath);
    source.addEventListener('open', () => {
        failures = 0;
        connection.set({ state: 'online', next: 0 });
        tell({ type: 'connected' });
    });
    source.addEventListener('recording', event => tell({ type: 'recording', recording: JSON.parse(event.data) }));
    source.addEventListener('deleted', event => tell({ type: 'deleted', id: JSON.parse(event.data).id }));
    source.addEventListener('error', () => {
        source.close();
        const wait = Math.min(8000, 500 * 2 ** failures++);
        connection.set({ state: 'offline', next: Date.now() + wait });
        timer = setTimeout(connect, wait);
    });
}

/** Resolves as soon as the server is there. */
export function whenOnline() {
    return new Promise(resolve => {
        const end = connection.subscribe(({ state }) => {
            if (state === 'online') {
                queueMicrotask(() => end());
                resolve();
            }
        });
    });
}
