using System.Net.NetworkInformation;

namespace NbnsSim.Transport;

/// <summary>Says when an address that is served leaves this machine, and when it is back: the sockets stay, and serve it again from then on.</summary>
internal sealed class AddressWatch : IDisposable
{
    private readonly Ipv4Address[] _addresses;
    private readonly HashSet<Ipv4Address> _gone = [];
    private readonly Action<string> _say;

    public AddressWatch(IReadOnlyList<Ipv4Endpoint> listen, Action<string> say)
    {
        _addresses = [.. listen.Select(one => one.Address).Where(address => address.Value >> 24 != 127)];
        _say = say;
        if (_addresses.Length > 0)
            NetworkChange.NetworkAddressChanged += Look;
    }

    public void Dispose() => NetworkChange.NetworkAddressChanged -= Look;

    private void Look(object? sender, EventArgs e)
    {
        HashSet<Ipv4Address> here;
        try
        {
            here = [.. NbnsHostInterface.All().Select(one => one.Address)];
        }
        catch (Exception fault) when (fault is NetworkInformationException or IOException)
        {
            return; // the next change tells
        }

        lock (_gone)
        {
            foreach (var address in _addresses)
            {
                if (here.Contains(address) ? _gone.Remove(address) : _gone.Add(address))
                    _say(_gone.Contains(address) ? $"{address} is gone from this machine: nobody is served there until it is back" : $"{address} is back, and served again");
            }
        }
    }
}
