// Keyboard shortcuts: a view registers a table, the sheet shows it.
import { dialogOpen, showDialog } from './dialogs.js';
import { button, h, takesText } from './dom.js';

const tables = new Set();

/** The key of an event as the tables write it: "Ctrl+z", "Shift+ArrowLeft", "?". */
export function keyName(event) {
    const printable = event.key.length === 1;
    return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && (!printable || event.ctrlKey || event.metaKey) ? 'Shift+' : ''}${printable ? event.key.toLowerCase() : event.key}`;
}

/**
 * Adds shortcuts: {group, entries: [{keys: ['p'], show: ['P'], text, run(event)}]}. An entry whose run returns false lets the key through.
 * Later tables win. Returns what removes them.
 */
export function addKeys(table) {
    tables.add(table);
    return () => tables.delete(table);
}

function press(event) {
    if (event.defaultPrevented || event.isComposing || dialogOpen() || takesText(event.target)) {
        return;
    }

    // Space and Enter belong to the control that has the focus.
    if ((event.key === ' ' || event.key === 'Enter') && event.target.closest?.('button, a, summary, [role=menuitem]')) {
        return;
    }

    const name = keyName(event);
    for (const table of [...tables].reverse()) {
        const entry = table.entries.find(entry => entry.keys.includes(name));
        if (entry && entry.run(event) !== false) {
            event.preventDefault();
            return;
        }
    }
}

/** Shows all shortcuts. */
export function showKeySheet() {
    showDialog('Keyboard shortcuts', close => [
        h('div', { class: 'sheet' }, [...tables].filter(table => table.group).map(table => h('section', {},
            h('h3', {}, table.group),
            h('dl', {}, table.entries.filter(entry => entry.text).map(entry => h('div', {},
                h('dt', {}, entry.text),
                h('dd', {}, (entry.show ?? entry.keys).flatMap((key, index) => index > 0 ? [' ', h('kbd', {}, key)] : [h('kbd', {}, key)])))))))),
        h('div', { class: 'actions' }, button('Close', () => close(null), { class: 'primary', autofocus: true })),
    ], { wide: true });
}

document.addEventListener('keydown', press);
