import { createHash } from 'node:crypto';

/** One A4 page for a ППЭ of 30 conditions; black on white, signs told by shape and word. */
export const sheetStyle = `
@page { size: A4 portrait; margin: 8mm 9mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 192mm; color: #111; background: #fff;
  font: 7.6pt/1.18 'PT Sans', 'Segoe UI', 'DejaVu Sans Condensed', 'DejaVu Sans', Arial, sans-serif; }
header { display: flex; justify-content: space-between; gap: 8mm; border-bottom: 1.5pt solid #111;
  padding-bottom: 1.5mm; }
h1 { margin: 0; font-size: 15pt; line-height: 1.1; }
.place { margin: 0.8mm 0 0; font-size: 9.5pt; }
.facts { margin: 0.6mm 0 0; color: #444; }
.count { flex: none; max-width: 52mm; text-align: right; }
.count strong { display: block; font-size: 19pt; line-height: 1.05; white-space: nowrap; }
.missing { margin: 1.8mm 0; padding: 1.2mm 2mm; border: 0.75pt solid #111; font-size: 8pt; }
.notice { margin: 1.5mm 0; font-weight: bold; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.age, .since { white-space: nowrap; font-size: 7.2pt; }
th { text-align: left; font-weight: normal; color: #444; font-size: 7.4pt;
  border-bottom: 0.75pt solid #111; padding: 0.5mm 1mm; }
td { vertical-align: top; border-bottom: 0.35pt solid #999; padding: 0.4mm 0.8mm;
  overflow-wrap: anywhere; }
.unmet td { background: #f1f1f1; }
.unmet .title { font-weight: bold; }
.sign { width: 20mm; } .title { width: 44mm; } .age { width: 15mm; } .since { width: 17mm; }
.todo { width: 51mm; }
.mark { display: inline-block; width: 3.4mm; height: 3.4mm; margin-right: 1mm; text-align: center;
  font: bold 7.4pt/3mm 'DejaVu Sans', 'Segoe UI Symbol', sans-serif; border: 0.75pt solid #111; }
.ok .mark { border-color: transparent; }
.fail .mark { background: #111; color: #fff; }
.unknown .mark { border-style: dashed; }
.silentByRule .mark { border-color: transparent; }
footer { margin-top: 4mm; break-inside: avoid; }
.signature { display: grid; grid-template-columns: auto 1fr 1.4fr 1fr; gap: 4mm; align-items: end;
  margin-bottom: 2mm; }
.line { border-top: 0.5pt solid #111; padding-top: 0.3mm; text-align: center; color: #444;
  font-size: 7pt; }
.automatic { margin: 0; color: #444; font-size: 7.4pt; }
@media screen { body { padding: 8mm 4mm; } }
@media print { .unmet td { background: none; } * { print-color-adjust: exact; } }
`;

/** What the page may load: this very style, and nothing else from anywhere. */
export const sheetPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(sheetStyle).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
