/** 5,5 (per cent) → '0.055', exact to the four decimals one may type. */
export const shareOf = (percent: number | string): string =>
  Number(percent) === 100 ? '1' : (Number(percent) / 100).toFixed(6).replace(/\.?0+$/, '') || '0';
