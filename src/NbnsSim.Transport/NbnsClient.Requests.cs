using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using NbnsSim.Messages;
using NbnsSim.Transport.Sockets;
using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <content>One request and its answers: ids, tries, time-outs.</content>
public sealed partial class NbnsClient
{
    /// <summary>Sends a request until somebody answers it for good.</summary>
    /// <param name="target">Whom to ask; <see langword="null"/> for everyone.</param>
    /// <param name="makeRequest">Makes the request with the id it is given.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="all">Where to put everybody's first answer, rather than to end with the first that comes.</param>
    /// <returns>The answer; without a message where none came.</returns>
    private async Task<Answer> RequestAsync(
        Ipv4Endpoint? target, Func<ushort, NbnsMessage> makeRequest, CancellationToken cancellation, OrderedDictionary<Ipv4Address, Answer>? all = null)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _disposed.Token);
        await _turns.WaitAsync(giveUp.Token).ConfigureAwait(false);
        var transaction = Open(target?.Address);
        try
        {
            var request = makeRequest(transaction.Id);
            transaction.Request = request;
            var octets = request.ToArray();
            var targets = target is { } one ? [one] : BroadcastTargets();
            long? waitsSince = null;
            for (int attempt = 0; attempt < _options.Attempts; attempt++)
            {
                await SendAsync(octets, targets, giveUp.Token).ConfigureAwait(false);
                var wait = target is null ? _options.BroadcastTimeout : _options.UnicastTimeout;
                long since = _timeProvider.GetTimestamp();
                while (await NextAsync(transaction, wait - _timeProvider.GetElapsedTime(since), giveUp.Token).ConfigureAwait(false) is { } answer)
                {
                    if (answer.Message is WaitForAcknowledgementResponse wack)
                    {
                        // RFC 1002 §4.2.16: wait that long instead; 0 is no estimate. The wait is the server's, so it does not repeat the request.
                        since = _timeProvider.GetTimestamp();
                        waitsSince ??= since;
                        var left = _options.MaximumWait - _timeProvider.GetElapsedTime(waitsSince.Value, since); // of all WACKs together
                        if (left <= TimeSpan.Zero)
                            return default;
                        wait = Shorter(wack.TimeToLive.IsInfinite ? wait : wack.TimeToLive.ToTimeSpan(), left);
                        attempt = _options.Attempts;
                    }
                    else if (all is null)
                    {
                        return answer;
                    }
                    else if (all.Count < MaxAnswers)
                    {
                        all.TryAdd(answer.From.Address, answer);
                    }
                }
            }

            return default;
        }
        finally
        {
            _transactions.TryRemove(transaction.Id, out _);
            _turns.Release();
        }
    }

    /// <summary>Sends to all targets that can be reached: one interface that is dead says nothing of the others.</summary>
    /// <exception cref="SocketException">There was none.</exception>
    private async Task SendAsync(byte[] octets, Ipv4Endpoint[] targets, CancellationToken giveUp)
    {
        SocketException? failure = null;
        bool isSent = false;
        foreach (var to in targets)
        {
            try
            {
                await _socket.SendToAsync(octets, SocketFlags.None, BoundSocket.ToIPEndPoint(to), giveUp).ConfigureAwait(false);
                isSent = true;
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        if (!isSent && failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private async Task<Answer?> NextAsync(Transaction transaction, TimeSpan wait, CancellationToken giveUp)
    {
        try
        {
            // Only waits: a read that is given up would swallow the answer that comes next.
            if (wait > TimeSpan.Zero)
                await transaction.Answers.Reader.WaitToReadAsync(giveUp).AsTask().WaitAsync(wait, _timeProvider, giveUp).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // but what came in the last moment counts
        }

        return transaction.Answers.Reader.TryRead(out var answer) ? answer : null;
    }

    /// <summary>A free, unpredictable id: with the port it is all that keeps a stranger from answering (RFC 1002 §4.2.1.1).</summary>
    private Transaction Open(Ipv4Address? asked)
    {
        while (true)
        {
            var transaction = new Transaction((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), asked);
            if (_transactions.TryAdd(transaction.Id, transaction))
                return transaction;
        }
    }

    private Ipv4Endpoint[] BroadcastTargets()
    {
        if (_broadcastAddresses.IsEmpty)
            _broadcastAddresses = [.. NbnsHostInterface.All().Select(found => found.BroadcastAddress).OfType<Ipv4Address>().Distinct()];
        if (_broadcastAddresses.IsEmpty)
            throw new InvalidOperationException("No interface is up that has a broadcast address: name a server, or set NbnsClientOptions.BroadcastAddresses.");
        return [.. _broadcastAddresses.Select(address => new Ipv4Endpoint(address, _options.Port))];
    }

    private async Task ReceiveAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (!_disposed.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _disposed.Token).ConfigureAwait(false);
                Dispatch(buffer.AsSpan(0, received.ReceivedBytes), BoundSocket.FromIPEndPoint((IPEndPoint)received.RemoteEndPoint));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // a datagram that was too long, or a port that is closed: whoever waits will time out
            }
        }
    }

    private void Dispatch(ReadOnlySpan<byte> octets, Ipv4Endpoint from)
    {
        const byte responseBit = 0x80; // RFC 1002 §4.2.1.1
        if (octets.Length < 3 || (octets[2] & responseBit) == 0
            || !_transactions.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(octets), out var transaction)
            || transaction.Request is not { } request
            || (transaction.Asked is { } asked && asked != from.Address))
            return;
        if (!NbnsPacket.TryParse(octets, out var packet, out var error))
            _options.Dropped?.Invoke(from, $"its answer cannot be read: {error}");
        else if (!NbnsMessage.TryRead(packet, out var message))
            _options.Dropped?.Invoke(from, "its answer has not the records that such an answer has");
        else if (message.Name != request.Name)
            _options.Dropped?.Invoke(from, $"it answers for {message.Name}, not for {request.Name}");
        else if (IsAnswer(request, message, isBroadcast: transaction.Asked is null))
            transaction.Answers.Writer.TryWrite(new Answer(message, from)); // full: that many answers were not waited for
    }

    private static bool IsAnswer(NbnsMessage request, NbnsMessage answer, bool isBroadcast) => request switch
    {
        NodeStatusRequest => answer is NodeStatusResponse,
        NameQueryRequest => answer is PositiveNameQueryResponse
            || (answer is NegativeNameQueryResponse or RedirectNameQueryResponse or WaitForAcknowledgementResponse && !isBroadcast), // RFC 1002 §5.1.1.3: only the owner answers a broadcast
        NameReleaseRequest => answer is PositiveNameReleaseResponse or NegativeNameReleaseResponse or WaitForAcknowledgementResponse,
        _ => answer is PositiveNameRegistrationResponse or NegativeNameRegistrationResponse or EndNodeChallengeNameRegistrationResponse
            or NameConflictDemand or WaitForAcknowledgementResponse, // with our own id, CFT_ERR is a refusal (RFC 1002 §4.2.6)
    };

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private readonly record struct Answer(NbnsMessage? Message, Ipv4Endpoint From);

    private sealed class Transaction(ushort id, Ipv4Address? asked)
    {
        public ushort Id => id;

        public Ipv4Address? Asked => asked;

        public NbnsMessage? Request { get; set; }

        public Channel<Answer> Answers { get; } = Channel.CreateBounded<Answer>(new BoundedChannelOptions(asked is null ? MaxAnswers : 8) { FullMode = BoundedChannelFullMode.DropWrite });
    }
}
