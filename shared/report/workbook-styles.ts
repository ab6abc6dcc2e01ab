import type { Style } from "exceljs";

export const regular = { name: "Arial", size: 10, family: 2 } as const;
const bold = { ...regular, bold: true } as const;
const top = { vertical: "top" } as const;
const right = { horizontal: "right", vertical: "top" } as const;
const underline = { bottom: { style: "thin" } } as const;
const integer = "#,##0";
const euro = '#,##0.00 "€"';
const oneDecimal = "#,##0.0";

// One object per style: exceljs numbers a style by its object, so shared objects are found without rendering them again.
export const styles = {
  text: { font: regular, alignment: top },
  title: { font: { ...bold, size: 16 } },
  link: { font: { ...regular, underline: true, color: { argb: "FF08519C" } } },
  header: { font: bold, border: underline, alignment: { wrapText: true, vertical: "bottom" } },
  "header-number": {
    font: bold,
    border: underline,
    alignment: { wrapText: true, vertical: "bottom", horizontal: "right" },
  },
  bold: { font: bold, alignment: top },
  number: { font: regular, numFmt: integer, alignment: right },
  "line-number": { font: regular, numFmt: "0", alignment: right },
  "bold-number": { font: bold, numFmt: integer, alignment: right },
  money: { font: regular, numFmt: euro, alignment: right },
  "bold-money": { font: bold, numFmt: euro, alignment: right },
  rate: { font: regular, numFmt: oneDecimal, alignment: right },
  "bold-rate": { font: bold, numFmt: oneDecimal, alignment: right },
  sign: { font: regular, alignment: right },
  "bold-sign": { font: bold, alignment: right },
  date: { font: regular, numFmt: "dd.mm.yyyy", alignment: { horizontal: "left", vertical: "top" } },
  wrap: { font: regular, alignment: { wrapText: true, vertical: "top" } },
} as const satisfies Record<string, Partial<Style>>;

const indent = { horizontal: "left", indent: 1 } as const;

/** Text that follows a number would run into it. */
export const indented: Readonly<Partial<Record<keyof typeof styles, Partial<Style>>>> = {
  text: { ...styles.text, alignment: { ...styles.text.alignment, ...indent } },
  wrap: { ...styles.wrap, alignment: { ...styles.wrap.alignment, ...indent } },
  header: { ...styles.header, alignment: { ...styles.header.alignment, ...indent } },
};
