import { ActionIcon, Button, createTheme, Drawer, Input, type MantineColorsTuple, Menu, Modal } from '@mantine/core';

/** One green, for action and for what is ours. Shade 8 is the accent: white on it has a contrast of 7.6. */
const palier: MantineColorsTuple = [
  '#f1f8f5',
  '#e3f0eb',
  '#b9d9ce',
  '#8fd0b8',
  '#5fae95',
  '#35907a',
  '#1d7564',
  '#126857',
  '#0b5d4e',
  '#08473c',
];

/** The heading of a dialog is not the banner of the page. */
const plainHeader = { header: { role: 'presentation' } };

export const theme = createTheme({
  primaryColor: 'palier',
  primaryShade: 8,
  colors: { palier },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '620',
    sizes: { h1: { fontSize: '20px', lineHeight: '1.25' }, h2: { fontSize: '13px', lineHeight: '1.4' } },
  },
  defaultRadius: '7px',
  black: '#17201d',
  focusRing: 'auto',
  cursorType: 'pointer',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      styles: { root: { height: 33, paddingInline: 12, fontWeight: 540, fontSize: 13 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Input: Input.extend({ defaultProps: { size: 'sm' } }),
    InputWrapper: Input.Wrapper.extend({
      styles: {
        label: { fontWeight: 540, marginBottom: 3, fontSize: 13 },
        description: { color: 'var(--ink-2)' },
        error: { color: 'var(--red)' },
      },
    }),
    Menu: Menu.extend({
      // The first item takes the focus: a menu holds items, and nothing else that can be reached.
      defaultProps: { withInitialFocusPlaceholder: false },
      styles: { label: { color: 'var(--ink-2)' } },
    }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 10, attributes: plainHeader },
      styles: { title: { fontWeight: 620, fontSize: 15 } },
    }),
    Drawer: Drawer.extend({
      defaultProps: { position: 'right', size: 460, attributes: plainHeader },
      styles: { title: { fontWeight: 620, fontSize: 15 } },
    }),
  },
});
