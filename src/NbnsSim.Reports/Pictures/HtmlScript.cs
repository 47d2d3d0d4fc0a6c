namespace NbnsSim.Reports.Pictures;

/// <summary>
/// What the page does beyond standing there: it shows more about the line that is pointed at or focused, moves the name tables through time, and copies filters.
/// It only moves what is on the page already, makes no markup, and has no character that HTML would take for markup.
/// </summary>
internal static class HtmlScript
{
    /// <summary>The script.</summary>
    public const string Js =
        """
        function nbnsReport(root){'use strict';
        const all=(what,where)=>Array.from((where||root).querySelectorAll(what));
        root.classList.add('live');
        for(const wire of all('.wire')){
          const panel=wire.querySelector('.panel'),rows=all('g.row',wire);
          const show=row=>{
            const more=document.getElementById(row.dataset.row);if(!more)return;
            panel.replaceChildren(...more.cloneNode(true).childNodes);
            for(const other of rows)other.classList.toggle('on',other===row);
          };
          rows.forEach((row,i)=>{
            row.addEventListener('focus',()=>show(row));
            row.addEventListener('mouseenter',()=>show(row));
            row.addEventListener('keydown',e=>{
              const next=rows[i+({ArrowDown:1,ArrowUp:-1}[e.key]||NaN)];
              if(next){e.preventDefault();next.focus();}
              if(e.key==='Escape')row.blur();
            });
          });
          const first=rows.find(row=>row.classList.contains('hot'));
          if(first)show(first);
        }
        for(const button of all('button.copy')){
          button.hidden=false;
          button.addEventListener('click',async()=>{
            const text=button.previousElementSibling;
            getSelection().selectAllChildren(text);
            try{await navigator.clipboard.writeText(text.textContent);}catch(e){if(!document.execCommand('copy'))return;}
            button.textContent='Copied';
          });
        }
        const time=root.querySelector('input.time');
        if(time){
          const times=time.dataset.times.split('|'),places=time.dataset.places.split(' '),output=root.querySelector('output');
          const move=()=>{
            const at=Number(time.value);
            output.textContent=times[at];time.setAttribute('aria-valuetext',times[at]);
            for(const span of all('[data-from]'))span.hidden=!(at>=Number(span.dataset.from)?Number(span.dataset.to)>at:false);
            for(const row of all('.tables tbody tr'))row.classList.toggle('absent',all('[data-from]',row).every(span=>span.hidden));
            for(const line of all('.strip .now')){line.setAttribute('x1',places[at]);line.setAttribute('x2',places[at]);}
            for(const row of all('g.row'))row.classList.toggle('later',Number(row.dataset.at)>at);
          };
          time.addEventListener('input',move);move();
        }
        const closed=all('details.proof').filter(one=>!one.open);
        addEventListener('beforeprint',()=>closed.forEach(one=>one.open=true));
        addEventListener('afterprint',()=>closed.forEach(one=>one.open=false));
        }
        for(const page of document.querySelectorAll('main.nbns'))nbnsReport(page);
        """;
}
