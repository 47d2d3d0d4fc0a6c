using System.Text.Json;

namespace NbnsSim.Vectors.Tests;

/// <summary>Our end node and our name servers against every exchange: what they send, to whom, when, and how commands end.</summary>
public sealed class ExchangeVectorTests
{
    private static IEnumerable<TestCaseData> All => TestVectors.Exchanges.Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.Id));

    [TestCaseSource(nameof(All))]
    public void AMachineSendsWhatTheClauseSays(ExchangeVector vector)
    {
        var machine = new ExchangeMachine(vector.Json.GetProperty("machine"));
        var transactions = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        int number = 0;
        foreach (var step in vector.Json.GetProperty("steps").EnumerateArray())
        {
            string where = $"step {++number}: ";
            var start = machine.Now;
            var sent = Play(machine, step, transactions);
            var wanted = step.GetProperty("sends").EnumerateArray().ToList();
            Assert.That(sent, Has.Count.EqualTo(wanted.Count), where + string.Join(", ", sent.Select(one => $"{(one.Time - start).TotalMilliseconds} ms {one.To} {Convert.ToHexStringLower(one.Octets)}")));
            foreach (var (one, datagram) in sent.Zip(wanted))
                AssertSent(where, one, datagram, (one.Time - start).TotalMilliseconds, transactions);
            var results = machine.Results();
            if (step.TryGetProperty("result", out var result))
                Assert.That(results, Is.EqualTo(new[] { result.GetString() }), where + "result");
        }
    }

    [Test]
    public void ThereIsAnExchangeOfEveryKindOfMachine()
    {
        var exchanges = TestVectors.Exchanges;
        Assert.Multiple(() =>
        {
            Assert.That(exchanges, Has.Length.GreaterThanOrEqualTo(80));
            Assert.That(exchanges.Select(vector => vector.Id), Is.Unique);
            Assert.That(exchanges.Select(Machine).ToHashSet(StringComparer.Ordinal), Is.EquivalentTo(new[] { "B", "P", "M", "H", "secured", "non-secured", "wins" }));
        });
    }

    private static string Machine(ExchangeVector vector)
    {
        var machine = vector.Json.GetProperty("machine");
        return machine.GetProperty(machine.GetProperty("role").GetString() == "node" ? "type" : "kind").GetString()!;
    }

    private static List<ExchangeMachine.Sent> Play(ExchangeMachine machine, JsonElement step, Dictionary<string, byte[]> transactions)
    {
        if (step.TryGetProperty("pass", out var pass))
            return machine.Pass(TimeSpan.FromMilliseconds(pass.GetInt32()));
        if (step.TryGetProperty("command", out var command))
        {
            machine.Command(command.GetString()!, ExchangeMachine.Name(step.GetProperty("name")));
        }
        else
        {
            byte[] octets = Convert.FromHexString(step.GetProperty("receive").GetString()!);
            if (step.TryGetProperty("transaction", out var transaction))
                transactions[transaction.GetString()!].CopyTo(octets, 0);
            Assert.That(Ipv4Endpoint.TryParse(step.GetProperty("from").GetString()!, out var source), Is.True);
            machine.Receive(octets, source, step.GetProperty("broadcast").GetBoolean());
        }

        return machine.Pass(TimeSpan.Zero);
    }

    private static void AssertSent(string where, ExchangeMachine.Sent sent, JsonElement wanted, double milliseconds, Dictionary<string, byte[]> transactions)
    {
        byte[] octets = Convert.FromHexString(wanted.GetProperty("hex").GetString()!);
        byte[] found = [.. sent.Octets];
        if (wanted.TryGetProperty("transaction", out var transaction))
        {
            string name = transaction.GetString()!;
            if (name == "*" || transactions.TryAdd(name, found[..2]))
                found[..2].CopyTo(octets, 0);
            else
                transactions[name].CopyTo(octets, 0);
        }

        if (wanted.TryGetProperty("free", out var free) && found.Length == octets.Length)
        {
            foreach (var range in free.EnumerateArray())
                octets.AsSpan(range[0].GetInt32(), range[1].GetInt32()).CopyTo(found.AsSpan(range[0].GetInt32()));
        }

        Assert.That(Convert.ToHexStringLower(found), Is.EqualTo(Convert.ToHexStringLower(octets)), where + "octets");
        Assert.That((sent.To.ToString(), sent.IsBroadcast), Is.EqualTo((wanted.GetProperty("to").GetString(), wanted.GetProperty("broadcast").GetBoolean())), where + "destination");
        if (wanted.TryGetProperty("at", out var at))
            Assert.That(milliseconds, Is.EqualTo(at.GetInt32()), where + "time");
    }
}
