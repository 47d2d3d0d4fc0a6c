using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace NbnsSim.Tests.Fuzz;

/// <summary>
/// Spoils good inputs of one kind and gives them to what reads them: octets changed, pieces cut, doubled, taken from another input, numbers and words put in
/// that readers trip over, JSON values exchanged. Same seed, same inputs. Anything thrown is a fault.
/// </summary>
internal sealed class InputFuzzer
{
    private const int MaxLength = 1 << 16;

    private static readonly string[] Words =
    [
        "0", "-1", "1e999", "NaN", "null", "true", "{}", "[]", "\"\"", "4294967295", "4294967296", "2147483648", "9223372036854775807", "99999999999999999999999999999999",
        "100y", "36525d", "0.0000000001s", "100%", "255.255.255.255", "0.0.0.0", "10.0.0.0/0", "10.0.0.0/32", "\\ud800", "\\u0000", "\u001b", "\u0085", "\u202e", "\uFEFF",
        "*", "<00>", "<0>", "#", "#PRE", "#DOM:", "#SG:", "#INCLUDE x", "#BEGIN_ALTERNATE", "#END_ALTERNATE", "\"A              \\0x1b\"", "\n", "\r\n", "\t", " ", "0028:", "ffffffff:",
        "<Binary>", "<Data>", "<EventID>4321</EventID>", "<Provider Name='", "\"X:1d\"", "{0, 1, 2, 224", "...", "4320", "Source: NetBT", "> ",
    ];

    private static readonly uint[] Numbers = [0, 1, 3, 4, 7, 8, 12, 15, 16, 28, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 0x40000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF];

    private readonly InputKind _kind;
    private readonly Func<byte[], bool> _read;
    private readonly byte[][] _seeds;
    private RandomStream _random;

    /// <param name="seed">Decides everything.</param>
    /// <param name="kind">What is read.</param>
    /// <param name="seeds">Good inputs to spoil.</param>
    /// <param name="read">Reads one, and says whether it was taken; as the tool does, if not given.</param>
    public InputFuzzer(ulong seed, InputKind kind, IEnumerable<byte[]> seeds, Func<byte[], bool>? read = null)
    {
        _read = read ?? (input => InputReaders.Read(kind, input));
        _random = new RandomStream(seed);
        _kind = kind;
        _seeds = [.. seeds];
    }

    /// <summary>Good inputs of a kind.</summary>
    /// <param name="corpus">The folder that has a folder for each kind.</param>
    /// <param name="kind">What is read.</param>
    public static IEnumerable<byte[]> Corpus(string corpus, InputKind kind) =>
        Directory.GetFiles(Path.Combine(corpus, kind.ToString().ToLowerInvariant())).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    /// <summary>How many inputs were taken.</summary>
    public long Accepted { get; private set; }

    /// <summary>Makes and reads <paramref name="count"/> inputs.</summary>
    /// <exception cref="InvalidOperationException">A reader failed; the message has the input in Base64.</exception>
    public void Run(long count)
    {
        for (long i = 0; i < count; i++)
        {
            byte[] input = i < _seeds.Length ? _seeds[i] : Make();
            try
            {
                if (_read(input))
                    Accepted++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{failure.GetType().Name}: {failure.Message} for {_kind} {Convert.ToBase64String(input)}", failure);
            }
        }
    }

    private byte[] Make()
    {
        byte[] input = Pick();
        bool isCompressed = input is [0x1F, 0x8B, ..];
        if (isCompressed && _random.Chance(700_000))
            input = Inflate(input);
        else
            isCompressed = false;
        if (_kind is InputKind.Scenario or InputKind.Names && _random.Chance(600_000))
            input = ExchangeValues(input);
        for (uint changes = _random.Next(4) + (_kind is InputKind.Scenario or InputKind.Names ? 0u : 1u); changes > 0; changes--)
            input = Change(input);
        return isCompressed ? Deflate(input) : input;
    }

    private byte[] Pick() => _seeds[_random.Next((uint)_seeds.Length)];

    private byte[] Change(byte[] input)
    {
        int at = (int)_random.Next((uint)input.Length + 1);
        int length = Math.Min((int)_random.Next(_random.Chance(500_000) ? 8u : 400u), input.Length - at);
        byte[] changed = [.. input];
        switch (_random.Next(9))
        {
            case 0 when at < input.Length:
                changed[at] ^= (byte)(1 << (int)_random.Next(8));
                return changed;
            case 1 when at < input.Length:
                changed[at] = (byte)_random.NextUInt32();
                return changed;
            case 2:
                return input[..at];
            case 3:
                return [.. input[..at], .. input[(at + length)..]];
            case 4 when input.Length + length < MaxLength:
                return [.. input[..(at + length)], .. input[at..]];
            case 5:
                byte[] other = Pick();
                int from = (int)_random.Next((uint)other.Length + 1);
                return [.. input[..at], .. other.AsSpan(from, Math.Min(length, other.Length - from)), .. input[(at + length)..]];
            case 6 when at + 4 <= input.Length && _kind is InputKind.Capture or InputKind.Traffic:
                at &= ~3;
                uint number = Numbers[_random.Next((uint)Numbers.Length)];
                if (_random.Chance(500_000))
                    number = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(number);
                BitConverter.TryWriteBytes(changed.AsSpan(at), number);
                return changed;
            case 7 when Digits(input, at) is var (start, end) && end > start:
                return [.. input[..start], .. Word(), .. input[end..]];
            default:
                return [.. input[..at], .. Word(), .. input[at..]];
        }
    }

    private byte[] Word() => Encoding.UTF8.GetBytes(Words[_random.Next((uint)Words.Length)]);

    /// <summary>The next run of digits.</summary>
    private static (int Start, int End) Digits(byte[] input, int at)
    {
        int start = input.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return default;
        start += at;
        int length = input.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return (start, length < 0 ? input.Length : start + length);
    }

    /// <summary>Puts values of the file, or odd ones, in each other's place: what comes out is JSON, so that it gets past the first check.</summary>
    private byte[] ExchangeValues(byte[] input)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(input, documentOptions: new() { AllowTrailingCommas = true, CommentHandling = System.Text.Json.JsonCommentHandling.Skip });
        }
        catch (System.Text.Json.JsonException)
        {
            return input;
        }

        for (uint changes = 1 + _random.Next(3); changes > 0 && root is not null; changes--)
        {
            var nodes = new List<JsonNode>();
            Collect(root, nodes);
            if (nodes.Count < 2)
                break;
            var place = nodes[(int)_random.Next((uint)nodes.Count - 1) + 1];
            var value = _random.Chance(600_000) ? nodes[(int)_random.Next((uint)nodes.Count)].DeepClone() : Odd();
            if (_random.Chance(150_000) && place.Parent is JsonArray items)
                items.Add(value);
            else if (_random.Chance(100_000) && place.Parent is JsonObject members)
                members.Remove(place.GetPropertyName());
            else
                place.ReplaceWith(value);
            if (root.ToJsonString().Length > MaxLength)
                break;
        }

        return Encoding.UTF8.GetBytes(root?.ToJsonString() ?? "null");
    }

    private JsonNode? Odd() => _random.Next(6) switch
    {
        0 => null,
        1 => JsonValue.Create(Words[_random.Next((uint)Words.Length)]),
        2 => JsonValue.Create((long)_random.NextUInt64()),
        3 => JsonValue.Create((int)_random.Next(300)),
        4 => new JsonArray(),
        _ => new JsonObject(),
    };

    private static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        nodes.Add(node);
        var inside = node is JsonObject members ? members.Select(member => member.Value) : node is JsonArray items ? items : [];
        foreach (var child in inside)
        {
            if (child is not null)
                Collect(child, nodes);
        }
    }

    private static byte[] Inflate(byte[] input)
    {
        using var stream = new GZipStream(new MemoryStream(input), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Deflate(byte[] input)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(input);
        return packed.ToArray();
    }
}
