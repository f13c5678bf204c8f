// Light, dark, or as the system says.
import { icon } from './icons.js';

const key = 'diarist.theme';
const order = ['system', 'light', 'dark'];
const icons = { system: 'contrast', light: 'sun', dark: 'moon' };
const names = { system: 'as the system', light: 'light', dark: 'dark' };
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();

/** The chosen theme: system, light or dark. */
export function theme() {
    const kept = localStorage.getItem(key);
    return order.includes(kept) ? kept : 'system';
}

/** Calls back whenever colours change. */
export function onThemeChange(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** Sets the theme and remembers it in this browser. */
export function setTheme(name) {
    if (name === 'system') {
        localStorage.removeItem(key);
        delete document.documentElement.dataset.theme;
    } else {
        localStorage.setItem(key, name);
        document.documentElement.dataset.theme = name;
    }

    listeners.forEach(listener => listener());
}

/** Makes a button switch through the themes. */
export function themeButton(button) {
    const show = () => {
        button.replaceChildren(icon(icons[theme()]));
        button.setAttribute('aria-label', `Theme: ${names[theme()]}`);
        button.title = `Theme: ${names[theme()]}`;
    };
    button.addEventListener('click', () => setTheme(order[(order.indexOf(theme()) + 1) % order.length]));
    onThemeChange(show);
    show();
}

dark.addEventListener('change', () => listeners.forEach(listener => listener()));
