// What the server says of itself; asks for the key where it wants one.
import { api, ApiError } from './api.js';
import { showDialog } from './dialogs.js';
import { h } from './dom.js';
import { connect } from './events.js';

let known = null;

/** {engine: whether it can write words, …}; empty while it does not answer. */
export async function serverInfo() {
    while (known === null) {
        try {
            known = await api.info();
        } catch (error) {
            if (!(error instanceof ApiError)) {
                return {};
            }

            if (error.status !== 401) {
                return {};
            }

            await askKey();
            connect();
        }
    }

    return known;
}

/** Asks until the key is right. */
async function askKey() {
    for (let right = false, problem = ''; !right;) {
        const key = await showDialog('This server asks for a key', close => h('form', { method: 'dialog', onsubmit: event => { event.preventDefault(); close(event.target.elements.key.value); } },
            h('label', { class: 'field' }, h('span', {}, 'Key'), h('input', { type: 'password', name: 'key', required: true, autofocus: true, autocomplete: 'current-password' })),
            problem ? h('p', { class: 'note bad', role: 'alert' }, problem) : null,
            h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'primary' }, 'Open'))));
        try {
            await api.login(key ?? '');
            right = true;
        } catch (error) {
            problem = error.message;
        }
    }
}
