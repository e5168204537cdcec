using System;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace LiteBox.Qemu;

/// <summary>
/// The guest's serial console as a conversation: what it wrote so far, waiting for words, typing. Text is taken byte for byte
/// (Latin-1), so that outputs can be compared exactly.
/// </summary>
public sealed class SerialConsole
{
    private const int TailLength = 2000;

    private readonly object _gate = new();
    private readonly StringBuilder _text = new();
    private readonly Channel<byte[]> _typed = Channel.CreateUnbounded<byte[]>();
    private TaskCompletionSource _changed = NewSignal();
    private int _read;
    private bool _ended;

    /// <summary>Everything written so far.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Types text. "\n" is Enter as the terminal driver wants it; "\u0003" is ^C.</summary>
    public void Send(string text) => _typed.Writer.TryWrite(Encoding.Latin1.GetBytes(text));

    /// <summary>Waits until the guest writes something after what was expected last, and returns the text up to its end.</summary>
    /// <param name="text">The words to wait for.</param>
    /// <param name="limit">How long to wait.</param>
    /// <exception cref="TimeoutException">The words did not come in time, or the guest ended first; the message shows the console's end.</exception>
    public Task<string> ExpectAsync(string text, TimeSpan limit) => ExpectAsync(new Regex(Regex.Escape(text)), limit);

    /// <summary>Waits for a pattern, like <see cref="ExpectAsync(string, TimeSpan)"/>.</summary>
    public async Task<string> ExpectAsync(Regex pattern, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                string unread = _text.ToString(_read, _text.Length - _read);
                if (pattern.Match(unread) is { Success: true } match)
                {
                    _read += match.Index + match.Length;
                    return unread[..(match.Index + match.Length)];
                }

                if (_ended)
                {
                    throw new TimeoutException($"the guest ended before it wrote /{pattern}/\n{Tail()}");
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"nothing like /{pattern}/ within {limit.TotalSeconds} s\n{Tail()}");
            }
        }
    }

    /// <summary>The end of the console's text, for error messages.</summary>
    public string Tail()
    {
        string text = Text;
        return "console: ..." + (text.Length > TailLength ? text[^TailLength..] : text);
    }

    /// <summary>Copies what is typed to QEMU until it ends.</summary>
    internal async Task CopyTypedTo(Stream input, CancellationToken ended)
    {
        await foreach (byte[] bytes in _typed.Reader.ReadAllAsync(ended))
        {
            await input.WriteAsync(bytes, ended);
            await input.FlushAsync(ended);
        }
    }

    /// <summary>Takes what QEMU writes until it ends.</summary>
    internal async Task CopyWrittenFrom(Stream output, CancellationToken ended)
    {
        var buffer = new byte[16384];
        int count;
        while ((count = await output.ReadAsync(buffer, ended)) > 0)
        {
            Change(() => _text.Append(Encoding.Latin1.GetString(buffer, 0, count)));
        }
    }

    /// <summary>QEMU has ended.</summary>
    internal void End()
    {
        _typed.Writer.TryComplete();
        Change(() => _ended = true);
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
