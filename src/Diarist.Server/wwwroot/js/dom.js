// Elements in one expression.

/**
 * Creates an element. Properties that begin with "on" are listeners; "dataset" and names with a hyphen, "role" and "for" are attributes;
 * the rest are properties. Children are nodes, texts, or null, which is left out.
 */
export function h(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (value === undefined || value === null) {
            continue;
        }

        if (name.startsWith('on')) {
            element.addEventListener(name.slice(2), value);
        } else if (name === 'dataset') {
            Object.assign(element.dataset, value);
        } else if (name.includes('-') || name === 'role' || name === 'for') {
            element.setAttribute(name, value);
        } else if (name === 'class') {
            element.className = value;
        } else {
            element[name] = value;
        }
    }

    element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
    return element;
}

/** A button. */
export function button(label, onclick, properties = {}, ...children) {
    return h('button', { type: 'button', onclick, ...properties }, ...(children.length > 0 ? children : [label]));
}

/** Sets text only where it differs, so that screen readers and layout stay calm. */
export function setText(element, text) {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

/** Whether an element takes typed characters. */
export function takesText(element) {
    return element instanceof HTMLElement && element.matches('input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]');
}
