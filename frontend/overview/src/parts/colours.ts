/** Colours that differ in hue and in lightness, on a light and on a dark page. The first account has the first. */
const COLOURS = ['#d60590', '#2c7fb8', '#e08214', '#35a36f', '#7b5cc9', '#b8a200', '#5f9ea0', '#a0522d', '#6b7280', '#e75480', '#4682b4', '#8fbc3f', '#c0504d']

/** The colour of the account at `index`. */
export function colourAt(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#6b7280'
}
