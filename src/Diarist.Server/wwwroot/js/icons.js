// Icons as paths on a grid of 24.
const paths = {
    play: 'M8 5.5v13l10.5-6.5z',
    pause: 'M9 5.5v13M15 5.5v13',
    turn: 'M5 5v14M9 6.5v11l9-5.5z',
    undo: 'M9 14 4.5 9.5 9 5M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-3',
    redo: 'm15 14 4.5-4.5L15 5M19.5 9.5H10a5.5 5.5 0 0 0 0 11h3',
    back: 'M15 5.5 8.5 12l6.5 6.5',
    more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
    close: 'M6 6l12 12M18 6 6 18',
    plus: 'M12 5v14M5 12h14',
    minus: 'M5 12h14',
    whole: 'M4 12h16M7.5 8.5 4 12l3.5 3.5M16.5 8.5 20 12l-3.5 3.5',
    follow: 'M12 4v12M7 11.5l5 5 5-5M5 20h14',
    pen: 'M4.5 19.5 6 14.5 16.5 4l3.5 3.5L9.5 18zM14 6.5l3.5 3.5',
    merge: 'M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8',
    trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7',
    upload: 'M12 16V4.5M7 9l5-5 5 5M4.5 15v4.5h15V15',
    download: 'M12 4.5V16M7 11.5l5 5 5-5M4.5 20h15',
    people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.5-4 3-5.5 6.5-5.5s6 1.5 6.5 5.5M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .7 3.2 2.4 3.5 5',
    question: 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 1.9v.3M12 17.5h.01',
    check: 'm5 12.5 4.5 4.5L19 7.5',
    sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
    moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
    contrast: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 3.5v17M12 8h6.5M12 12h8M12 16h6.5',
    wave: 'M3 12h1.5M7.5 8v8M11 4.5v15M14.5 8.5v7M18 6.5v11M21 12h.5',
    mark: 'M6 4.5h12v15l-6-4.5-6 4.5z',
};

/** An icon that screen readers skip. */
export function icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', paths[name]);
    if (name === 'play') {
        path.setAttribute('fill', 'currentColor');
    }

    svg.append(path);
    return svg;
}
