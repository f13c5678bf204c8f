// Modal dialogs. The element <dialog> keeps the focus inside, closes with Escape and gives the focus back.
import { button, h } from './dom.js';

/** Whether a dialog is open. */
export function dialogOpen() {
    return document.querySelector('dialog[open]') !== null;
}

/**
 * Shows a dialog and resolves with what close() was given, or null. The content is made by build(close) and may hold a form.
 */
export function showDialog(title, build, { wide = false } = {}) {
    return new Promise(resolve => {
        let result = null;
        const close = value => {
            result = value ?? null;
            dialog.close();
        };
        const heading = h('h2', { id: 'dialog-title' }, title);
        const dialog = h('dialog', { class: wide ? 'wide' : '', 'aria-labelledby': 'dialog-title' });
        dialog.append(heading, ...[build(close)].flat());
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(result);
        });
        dialog.addEventListener('click', event => {
            if (event.target === dialog && outside(dialog, event)) {
                close(null);
            }
        });
        document.body.append(dialog);
        dialog.showModal();
        dialog.querySelector('[autofocus]')?.focus();
    });
}

function outside(dialog, event) {
    const box = dialog.getBoundingClientRect();
    return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** Asks; resolves true for yes. */
export async function confirmDialog(title, text, yes, { danger = false, no = 'Cancel' } = {}) {
    return await showDialog(title, close => [
        h('p', {}, text),
        h('div', { class: 'actions' },
            button(no, () => close(null)),
            button(yes, () => close(true), { class: danger ? 'danger' : 'primary', autofocus: true })),
    ]) === true;
}

/** Says something that must not be missed. */
export function messageDialog(title, text) {
    return showDialog(title, close => [
        h('p', {}, text),
        h('div', { class: 'actions' }, button('Close', () => close(null), { class: 'primary', autofocus: true })),
    ]);
}
