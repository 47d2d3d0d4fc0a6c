using NbnsSim.Reports.Pictures;

namespace NbnsSim.Conformance.Reports;

/// <summary>What a page of conformance has beyond the look and the script of the other pages. No character of it is markup to HTML.</summary>
internal static class ConformancePageStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css = HtmlStyle.Css +
        """

        details.case{border-top:1px solid var(--rule)}details.case[hidden],section.clause[hidden]{display:none}
        details.case .mark{display:inline-block;width:1.2rem;text-align:center}details.case.fail .mark,details.case.fail small{color:var(--hot);font-weight:600}
        details.case summary{color:var(--ink);overflow-wrap:anywhere}details.case.unsupported summary,details.case.notApplicable summary{color:var(--dim)}details.case summary+dl{margin-top:.4rem}
        details.case details summary{color:var(--dim)}
        .filters{display:none;gap:.4rem 1.1rem;flex-wrap:wrap;align-items:baseline;margin:.8rem 0;position:sticky;top:0;background:var(--paper);padding:.4rem 0;z-index:2}.live .filters{display:flex}
        .filters input{accent-color:var(--hot)}.filters select{font:inherit;font-size:.9rem;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:4px;max-width:100%}
        .filters output{color:var(--dim)}
        @media print{.live .filters{display:none}}
        """;

    /// <summary>The script.</summary>
    public const string Js = HtmlScript.Js +
        """

        (function(){'use strict';
        const root=document.querySelector('main.conform');if(!root)return;
        const all=(what,where)=>Array.from((where||root).querySelectorAll(what));
        const clause=root.querySelector('select.clause'),verdicts=all('input.verdict'),count=root.querySelector('output.count'),cases=all('details.case');
        const show=()=>{
          const wanted=new Set(verdicts.filter(one=>one.checked).map(one=>one.value));
          for(const one of cases)one.hidden=!(wanted.has(one.dataset.verdict)?['',one.dataset.clause].includes(clause.value):false);
          for(const one of all('section.clause'))one.hidden=all('details.case',one).every(it=>it.hidden);
          count.textContent=cases.filter(one=>!one.hidden).length+' of '+cases.length+' shown';
        };
        for(const one of verdicts)one.addEventListener('change',show);
        clause.addEventListener('change',show);
        show();
        })();
        """;
}
