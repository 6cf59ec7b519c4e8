package io.tamada.dist.cluster;

import io.tamada.dcs.Json;

/// What is asked of the console's page in its own language.
final class ConsoleScripts {

    /// The name of what has the keyboard.
    static final String FOCUSED =
            """
            const e = document.activeElement;
            return e === document.body ? 'the page' : (e.getAttribute('aria-label') || e.textContent || e.id).trim();
            """;

    /// Every visible text whose colour is too near to that of its ground: below 4.5 to 1, as WCAG
    /// 2.1 counts it at level AA. What can't be used at the moment is left out, as there.
    static final String PALE_TEXTS =
            """
            const channels = c => c.match(/[\\d.]+/g).map(Number);
            const light = c => {
              const [r, g, b] = channels(c).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
              return .2126 * r + .7152 * g + .0722 * b;
            };
            const groundOf = e => {
              for (; e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor;
                if ((channels(c)[3] ?? 1) === 1) return c;
              }
              return 'rgb(255, 255, 255)';
            };
            const pale = [];
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const e = walker.currentNode.parentElement;
              if (!walker.currentNode.textContent.trim() || !e.getClientRects().length || e.disabled) continue;
              const style = getComputedStyle(e);
              const pair = [light(e instanceof SVGElement ? style.fill : style.color), light(groundOf(e))];
              const ratio = (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
              if (ratio < 4.5) pale.push(`${walker.currentNode.textContent.trim()} (${ratio.toFixed(2)})`);
            }
            return pale.join('; ');
            """;

    private ConsoleScripts() {}

    /// An expression for the button of this name.
    static String button(String name) {
        return "[...document.querySelectorAll('button')].find(b => (b.getAttribute('aria-label') || b.textContent) === "
                + Json.compact(name)
                + ")";
    }
}
