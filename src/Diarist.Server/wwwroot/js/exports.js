// The menu of exports.
import { api } from './api.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { menu } from './menu.js';

/** What a server offers that does not say. */
const usual = [
    { name: 'text', description: 'Text with times' },
    { name: 'rttm', description: 'RTTM' },
    { name: 'json', description: 'JSON' },
];

/** A menu with a link for each format. */
export function exportMenu(id, info, hasWords) {
    return menu('export', 'Export', [icon('download'), h('span', { class: 'wide-only' }, 'Export')], () =>
        (info.formats ?? usual).filter(format => hasWords() || !format.needsWords).map(format =>
            h('a', { role: 'menuitem', tabIndex: -1, href: api.exportPath(id, format.name), download: '' }, format.description ?? format.name)));
}
