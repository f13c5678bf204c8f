// The menu of exports.
import { api } from './api.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { menu } from './menu.js';

/** What a recording with words can be written as: the server's word for it, and a description. */
const withWords = [
    ['text', 'Text'],
    ['docx', 'Word document'],
    ['markdown', 'Markdown'],
    ['html', 'Web page'],
    ['srt', 'Subtitles (SRT)'],
    ['vtt', 'Subtitles (WebVTT)'],
    ['csv', 'Table (CSV)'],
    ['json', 'JSON'],
    ['diarized_json', 'JSON as OpenAI writes it'],
    ['seglst', 'SegLST'],
    ['ctm', 'CTM'],
    ['stm', 'STM'],
    ['textgrid', 'Praat TextGrid'],
];

/** What turns can be written as. */
const turns = [
    ['turns.text', 'Turns as text'],
    ['turns.rttm', 'Turns as RTTM'],
    ['turns.json', 'Turns as JSON'],
];

/** A menu with a link for each format. */
export function exportMenu(id, hasWords) {
    const link = ([format, text]) => h('a', { role: 'menuitem', tabIndex: -1, href: api.exportPath(id, format), download: '' }, text);
    return menu('export', 'Export', [icon('download'), h('span', { class: 'wide-only' }, 'Export')], () =>
        hasWords() ? [...withWords.map(link), h('hr', { role: 'separator' }), ...turns.map(link)] : turns.map(link));
}
