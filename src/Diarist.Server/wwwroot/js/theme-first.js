// Runs before the page is drawn, so that a chosen theme does not flash. A classic script on purpose: modules run later.
{
    const theme = localStorage.getItem('diarist.theme');
    if (theme === 'light' || theme === 'dark') {
        document.documentElement.dataset.theme = theme;
    }
}
