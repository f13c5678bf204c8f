// A button that opens a menu. Arrow keys move in it, Escape closes it.
import { h } from './dom.js';

/** Makes a menu; items() gives its elements (role menuitem) each time it opens. */
export function menu(id, label, content, items) {
    const list = h('div', { class: 'menu', role: 'menu', id: `${id}-menu`, 'aria-label': label, hidden: true });
    const opener = h('button', { type: 'button', id, 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': `${id}-menu`, onclick: () => list.hidden ? open() : close(true) }, ...content);
    const anchor = h('div', { class: 'menu-anchor' }, opener, list);

    function open() {
        list.replaceChildren(...items());
        list.hidden = false;
        opener.setAttribute('aria-expanded', 'true');
        list.querySelector('[role=menuitem]')?.focus();
        document.addEventListener('pointerdown', outside, true);
    }

    function close(refocus) {
        list.hidden = true;
        opener.setAttribute('aria-expanded', 'false');
        document.removeEventListener('pointerdown', outside, true);
        if (refocus) {
            opener.focus();
        }
    }

    function outside(event) {
        if (!anchor.contains(event.target)) {
            close(false);
        }
    }

    list.addEventListener('click', event => {
        if (event.target.closest('[role=menuitem]')) {
            close(true);
        }
    });
    anchor.addEventListener('focusout', event => {
        if (!list.hidden && event.relatedTarget && !anchor.contains(event.relatedTarget)) {
            close(false);
        }
    });
    anchor.addEventListener('keydown', event => {
        const entries = [...list.querySelectorAll('[role=menuitem]')];
        const at = entries.indexOf(document.activeElement);
        const moves = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 };
        if (list.hidden ? event.key === 'ArrowDown' : event.key in moves) {
            event.preventDefault();
            event.stopPropagation();
            if (list.hidden) {
                open();
            } else {
                entries[moves[event.key] % entries.length].focus();
            }
        } else if (!list.hidden && event.key === 'Escape') {
            event.stopPropagation();
            close(true);
        }
    });
    return anchor;
}
