namespace NbnsSim.Reports.Pictures;

/// <summary>The look of a picture: quiet, and one accent for what proves something. Nothing in it is markup to HTML.</summary>
internal static class HtmlStyle
{
    /// <summary>A drawing by itself.</summary>
    public const string Svg = Colours + Drawing;

    /// <summary>A page.</summary>
    public const string Css = Colours + Page + Drawing + Tables + Print;

    private const string Colours =
        """
        :root{color-scheme:light dark;--ink:#1d2127;--dim:#5b6470;--line:#b4bcc6;--rule:#dfe3e8;--paper:#fff;--box:#f6f7f9;--held:#8d99a6;--hot:#b3390b;--hotbox:#fdf1ec}
        @media(prefers-color-scheme:dark){:root{--ink:#e4e8ed;--dim:#9ba5b1;--line:#4c5561;--rule:#2b323b;--paper:#12161b;--box:#1a1f26;--held:#6b7785;--hot:#ff9a6c;--hotbox:#2b1f1a}}
        """;

    private const string Page =
        """

        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
        main{max-width:104rem;margin:0 auto;padding:1.25rem clamp(.75rem,3vw,3rem) 3rem}
        h1{font-size:1.05rem;margin:0;color:var(--dim);font-weight:600;overflow-wrap:anywhere}
        .lead{font-size:1.4rem;line-height:1.35;margin:.35rem 0 .6rem;max-width:48rem;font-weight:600;text-wrap:pretty;overflow-wrap:anywhere}
        h2{font-size:1.1rem;margin:0 0 .6rem}h3{font-size:1rem;margin:0 0 .4rem;overflow-wrap:anywhere}
        p{margin:.35rem 0;max-width:52rem;overflow-wrap:anywhere}
        section{border-top:1px solid var(--rule);padding-top:1.1rem;margin-top:1.4rem}
        dl{display:grid;grid-template-columns:6.5rem minmax(0,52rem);gap:.3rem 1rem;margin:0 0 .8rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
        .how{color:var(--dim);font-weight:400}.harm{color:var(--hot)}
        small,.aside{color:var(--dim);font-size:.82rem}
        code,pre{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}code{overflow-wrap:anywhere;user-select:all}
        pre{margin:.4rem 0;overflow-x:auto;background:var(--box);padding:.7rem .8rem;border-radius:4px}
        .filter{display:flex;gap:.6rem;align-items:baseline;flex-wrap:wrap}.filter code{background:var(--box);padding:.15rem .45rem;border-radius:4px}
        button{font:inherit;font-size:.82rem;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:.1rem .6rem;cursor:pointer}
        summary{cursor:pointer;padding:.35rem 0;color:var(--dim)}summary:hover{color:var(--ink)}
        :focus-visible{outline:2px solid var(--hot);outline-offset:2px}
        ol.packets,ol.chain,ol.account{list-style:none;margin:0;padding:0}
        ol.packets li{padding:.5rem 0;border-top:1px solid var(--rule)}
        ul.rules{margin:.25rem 0;padding-left:1.1rem;max-width:52rem}ul.rules li{border:0;padding:0}
        ol.chain li,ol.account li{display:grid;grid-template-columns:7rem minmax(0,52rem);gap:0 1rem;padding:.2rem 0}
        ol.chain time,ol.account time{color:var(--dim);font-variant-numeric:tabular-nums}
        ol.chain small{grid-column:2}
        .events{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr));gap:1rem 1.5rem}.events article{border-left:3px solid var(--hot);padding-left:.9rem;min-width:0}
        @media(max-width:34rem){dl,ol.chain li,ol.account li{grid-template-columns:minmax(0,1fr)}dt{margin-top:.35rem}ol.chain small{grid-column:1}.lead{font-size:1.2rem}}

        """;

    private const string Drawing =
        """

        svg.ladder{display:block;background:var(--paper)}
        svg.ladder text{fill:var(--ink);font:12px system-ui,sans-serif;paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
        svg .paper{fill:var(--paper)}svg .head{text-anchor:middle;font-weight:600;font-size:13px}svg .sub{text-anchor:middle}
        svg.ladder .sub,svg.ladder .time,svg.ladder .gap{fill:var(--dim)}svg.ladder .time{font-size:11px;font-variant-numeric:tabular-nums}
        svg .lane{stroke:var(--line)}svg .lane.all{stroke-width:5;stroke:var(--rule)}svg .lane.server{stroke-width:2}svg .parts line{stroke:var(--hot);stroke-width:2;stroke-dasharray:6 4}
        svg .touch{fill:transparent}svg .shaft{stroke:var(--dim);stroke-width:1.2}svg .tip{fill:var(--dim)}svg .mark{fill:var(--dim)}
        svg .hot .shaft{stroke:var(--hot);stroke-width:2}svg .hot .tip,svg .hot .mark{fill:var(--hot)}svg.ladder .hot .words{fill:var(--hot);font-weight:600}
        svg .lost .shaft{stroke-dasharray:4 3}svg .lost .tip{fill:none;stroke:var(--dim);stroke-width:2}svg .hot.lost .tip{stroke:var(--hot)}
        svg .row:hover .touch,svg .row:focus .touch,svg .row.on .touch{fill:var(--box)}svg .row:hover text,svg .row:focus text,svg .row.on text{stroke:var(--box)}
        svg .row:focus{outline:none}svg .row:focus-visible .touch{stroke:var(--hot);stroke-width:2}svg .row.later{opacity:.28}

        """;

    private const string Tables =
        """

        .wire{display:grid;gap:0 2rem;grid-template-columns:minmax(0,1fr)}
        .scroll{overflow-x:auto;padding:2px}
        .panel{background:var(--box);border-radius:4px;padding:.7rem .9rem;font-size:.88rem;max-height:34vh;overflow:auto;position:sticky;bottom:0;display:none}
        .live .panel{display:block}.panel p:first-child{margin-top:0}
        @media(min-width:68rem){.wire{grid-template-columns:auto minmax(22rem,1fr)}.wire .scroll{max-width:62vw}.panel{position:sticky;top:1rem;bottom:auto;align-self:start;max-height:80vh}}
        .slider{display:none;gap:.8rem;align-items:center;flex-wrap:wrap;position:sticky;top:0;background:var(--paper);padding:.5rem 0;z-index:1}.live .slider{display:flex}
        .slider input{flex:1 1 14rem;accent-color:var(--hot);min-width:0}.slider output{font-variant-numeric:tabular-nums;font-weight:600}
        .tables{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:1.2rem 2rem;align-items:start}
        table{border-collapse:collapse;width:100%;font-size:.85rem}.tables table{table-layout:fixed}caption{text-align:left;font-weight:600;padding:.2rem 0;overflow-wrap:anywhere}
        th,td{text-align:left;padding:.16rem .5rem .16rem 0;border-top:1px solid var(--rule);vertical-align:top;overflow-wrap:break-word}thead th{font-weight:400;color:var(--dim);font-size:.78rem;border:0}
        .tables th:first-child{width:9.5rem}.tables th:last-child{width:34%}.tables tbody th{font-weight:400;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.8rem}
        thead th.axis{font-variant-numeric:tabular-nums}.axis span{float:right}
        tr.hot th{font-weight:700}td span{display:block}td .conflict{color:var(--hot);font-weight:600}td .conflict small{font-weight:400}td .gone{color:var(--dim)}td .none{display:none;color:var(--dim)}
        tr.absent th{color:var(--dim)}tr.absent .none{display:block}td [hidden]{display:none}.live .until{display:none}
        svg.strip{display:block;width:100%;height:.9rem;margin-top:.2rem}.strip .axis{fill:var(--rule)}.strip .held{fill:var(--held)}.strip .guess,.strip .gone{fill:var(--held);opacity:.4}.strip .conflict{fill:var(--hot)}
        .strip .now{stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke;display:none}.live .strip .now{display:inline}
        @media(max-width:34rem){.tables th:first-child{width:7.6rem}.tables th:last-child{width:27%}}

        """;

    private const string Print =
        """

        @media print{@page{size:A4;margin:14mm}
        :root{color-scheme:light;--ink:#000;--dim:#444;--line:#999;--rule:#ccc;--paper:#fff;--box:#f4f4f4;--held:#888;--hot:#a83206}
        body{font-size:10pt}main{max-width:none;padding:0}.lead{font-size:14pt}.live .panel,.live .slider,button{display:none}
        .scroll{overflow:visible}.wire{display:block}svg.ladder{max-width:100%;height:auto;break-inside:avoid}article,tr,li,h2,h3,pre{break-inside:avoid}h2,h3,caption{break-after:avoid}
        .tables{grid-template-columns:1fr}svg .row.on .touch{fill:none}td [hidden]{display:block}tr.absent .none,.live .strip .now{display:none}.live .until{display:inline}svg .row.later{opacity:1}pre{overflow:visible;white-space:pre-wrap}}
        """;
}
