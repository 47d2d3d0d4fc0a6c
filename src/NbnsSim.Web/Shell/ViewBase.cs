using Microsoft.AspNetCore.Components;

namespace NbnsSim.Web.Shell;

/// <summary>What every view is: a component that is told where in it the address leads.</summary>
public abstract class ViewBase : ComponentBase
{
    /// <summary>The address: a view shows what its path and query say.</summary>
    [Parameter]
    public required Route Route { get; set; }
}
