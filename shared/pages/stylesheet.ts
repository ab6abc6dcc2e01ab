/**
 * The look of all pages. Light and dark by the reader's setting, contrast at least 4.5 : 1 in both; printed in black on
 * white without navigation. Meaning is always in words, colour only repeats it.
 */
export const stylesheet = `
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--quiet:#55585c;--line:#8a8f94;--band:#f1f3f5;--link:#0b4a8f;--good:#1d6b3a;--note:#7a4a00;--bad:#a3171e}
@media (prefers-color-scheme:dark){:root{--ink:#eceef0;--paper:#15181b;--quiet:#b3b8bd;--line:#757b81;--band:#22272c;--link:#8ec2ff;--good:#7fd6a0;--note:#f0c267;--bad:#ff9d9a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem 1.25rem 3rem;background:var(--paper);color:var(--ink);font:1rem/1.5 "Fira Sans",Arial,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.25rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
a{color:var(--link)}
a:focus-visible,input:focus-visible,button:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-100rem}
.skip:focus{position:static}
.product{margin:0;color:var(--quiet)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.25rem 0;padding:0}
.verdict{border-left:.4rem solid var(--line);background:var(--band);padding:.75rem 1rem;margin:0 0 1rem}
.verdict p{margin:.25rem 0}
.verdict .counts{font-weight:bold}
.good{border-left-color:var(--good)}
.note{border-left-color:var(--note)}
.bad{border-left-color:var(--bad)}
dl{display:grid;grid-template-columns:minmax(10rem,max-content) 1fr;gap:.25rem 1.25rem;margin:0}
dt{color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
tbody th{font-weight:normal}
.number{text-align:right;font-variant-numeric:tabular-nums}
form{display:inline-flex;flex-wrap:wrap;gap:.5rem;margin:0}
input{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:.25rem;padding:.3rem .5rem;min-height:2.75rem}
button{font:inherit;color:var(--ink);background:var(--band);border:1px solid var(--line);border-radius:.25rem;padding:.3rem .75rem;min-height:2.75rem;cursor:pointer}
.hidden,caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--quiet)}
@media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{:root{--ink:#000;--paper:#fff;--quiet:#333;--line:#666;--band:#fff;--link:#000}body{max-width:none;padding:0;font-size:10pt}nav,.skip,form{display:none}.scroll{overflow:visible}tr{break-inside:avoid}thead{display:table-header-group}}
`;
