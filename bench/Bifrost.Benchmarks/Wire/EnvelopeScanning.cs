using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Bifrost.Wire.Json;

namespace Bifrost.Benchmarks.Wire;

/// <summary>What it costs to learn a chat's model, beside the runtime's own reader stopping as soon as it has it.</summary>
[MemoryDiagnoser]
public class EnvelopeScanning
{
    private byte[] _body = [];

    /// <summary>Characters of prompt before the model.</summary>
    [Params(128, 65_536)]
    public int Prompt { get; set; }

    /// <summary>Whether every eighth character is an escape, as in prompts that hold code or JSON.</summary>
    [Params(false, true)]
    public bool Escapes { get; set; }

    /// <summary>Builds a body whose model comes after its messages, as the Python SDK writes it.</summary>
    [GlobalSetup]
    public void Build()
    {
        var text = new StringBuilder();
        while (text.Length < Prompt)
        {
            text.Append(Escapes ? "sample\\n" : "example ");
        }

        _body = Encoding.UTF8.GetBytes(
            $$"""{"messages":[{"role":"user","content":"{{text}}"}],"model":"openai/gpt-4o-mini","stream":true}"""
        );
    }

    /// <summary>Ours: the whole body checked, and the name made a string.</summary>
    [Benchmark]
    public bool Scan() => !EnvelopeScanner.Scan(_body).Failed(out _, out _);

    /// <summary>The length of the model's name.</summary>
    [Benchmark(Baseline = true)]
    public int FindModelWithUtf8JsonReader()
    {
        var reader = new Utf8JsonReader(_body);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                return reader.ValueSpan.Length;
            }

            reader.Skip();
        }

        return 0;
    }
}
