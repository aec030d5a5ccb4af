// What the generated assemblies stand on: every object of the double is a number, every use of a member asks Python.
// Answers come back as .NET values; a failure comes back as an object that is thrown here, with its .NET type.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Serialization;
using System.Security;

namespace OpennessDouble
{
    /// An object of the double; implemented explicitly, so that no member of it shows.
    public interface IProxy { long Number { get; set; } }

    /// A value type of the double: what it consists of, on its way to Python and back.
    public interface IValue { object[] Parts { get; set; } }

    /// Asks Python: what is done (get, set, call, ...), on which object, with which member and arguments.
    public delegate object Ask(string verb, long number, string member, object[] arguments);

    /// A value on its way to Python: its kind, its text, its number, or itself.
    public sealed class Token
    {
        public string Kind; public string Text; public long Number; public object Value;
        public Token(string kind, string text, long number, object value) { Kind = kind; Text = text; Number = number; Value = value; }
    }

    /// Marks the constructor of an exception that Python raised: its object exists already.
    public sealed class Made { }

    /// An exception on its way from Python.
    public sealed class Failure
    {
        public Type Kind; public long Number; public string Text;
        public Failure(Type kind, long number, string text) { Kind = kind; Number = number; Text = text; }
        public Exception Made()
        {
            if (!typeof(IProxy).IsAssignableFrom(Kind)) return (Exception)Activator.CreateInstance(Kind, Text);
            var made = (Exception)Activator.CreateInstance(Kind, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, new object[] { new Made() }, null);
            ((IProxy)made).Number = Number;
            return made;
        }
    }

    /// A list of the fake: its items for what is declared as a list, its number for what is declared as a collection of its own.
    public sealed class Many
    {
        public object[] Items; public long Number;
        public Many(object[] items, long number) { Items = items; Number = number; }
    }

    /// The fake raised what no .NET type stands for, or gave what its declared type is not: the double is wrong, not the caller.
    public sealed class FakeException : Exception { public FakeException(string text) : base(text) { } }

    public static class Host
    {
        public static Ask Python;

        public static object Asked(string verb, long number, string member, params object[] arguments)
        {
            var answer = Python(verb, number, member, arguments);
            var failure = answer as Failure;
            if (failure != null) throw failure.Made();
            return answer;
        }

        public static object Get(IProxy target, string member) { return Asked("get", target.Number, member); }
        public static void Set(IProxy target, string member, object value) { Asked("set", target.Number, member, value); }
        public static object Call(IProxy target, string member, params object[] arguments) { return Asked("call", target.Number, member, arguments); }
        public static object CallAs(string type, IProxy target, string member, params object[] arguments)
        {
            return Asked("call as " + type, target.Number, member, arguments);
        }
        public static object CallOf(Type argument, IProxy target, string member, params object[] arguments)
        {
            return Asked("call of " + argument.FullName, target.Number, member, arguments);
        }
        public static object CallStatic(string type, string member, params object[] arguments) { return Asked("static " + type, 0, member, arguments); }
        public static object GetStatic(string type, string member) { return Asked("static get " + type, 0, member); }
        public static void SetStatic(string type, string member, object value) { Asked("static set " + type, 0, member, value); }
        public static void Construct(IProxy made, string type, params object[] arguments) { made.Number = (long)Asked("new " + type, 0, "", arguments); }
        public static void Subscribe(IProxy target, string member, Delegate handler, bool on)
        {
            Asked(on ? "add" : "remove", target.Number, member, new Token("Delegate", handler.GetType().FullName, 0, handler));
        }
        public static void SubscribeStatic(string type, string member, Delegate handler, bool on)
        {
            Asked((on ? "static add " : "static remove ") + type, 0, member, new Token("Delegate", handler.GetType().FullName, 0, handler));
        }

        /// An object of the double by its number, without running a constructor.
        public static object Wrap(Type type, long number)
        {
            var made = FormatterServices.GetUninitializedObject(type);
            ((IProxy)made).Number = number;
            return made;
        }

        /// A value type with these parts.
        public static object Value(Type type, object[] parts)
        {
            var made = (IValue)Activator.CreateInstance(type);
            made.Parts = parts;
            return made;
        }

        public static bool Same(IProxy one, object other)
        {
            var second = other as IProxy;
            return second != null && (second.Number == one.Number || (bool)Asked("equal", one.Number, "", second.Number));
        }

        public static T As<T>(object value)
        {
            if (value == null) return default(T);
            var many = value as Many;
            if (many != null) value = typeof(IProxy).IsAssignableFrom(typeof(T)) ? Wrap(typeof(T), many.Number) : many.Items;
            if (value is T) return (T)value;
            if (value is IProxy && typeof(IProxy).IsAssignableFrom(typeof(T)) && typeof(IEnumerable).IsAssignableFrom(typeof(T)))
                return (T)Wrap(typeof(T), ((IProxy)value).Number);  // the fake has one class for two kinds of collections
            var wanted = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
            if (wanted.IsPrimitive && value is IConvertible) return (T)Convert.ChangeType(value, wanted);
            if (wanted.IsEnum && value is IConvertible && !(value is string)) return (T)Enum.ToObject(wanted, value);
            throw new FakeException("Declared is " + typeof(T) + ", the fake gave " + value.GetType() + " (" + value + ").");
        }

        public static List<T> List<T>(object value)
        {
            if (value == null) return null;
            var many = value as Many;
            var found = many != null ? many.Items : value as object[];
            if (found == null) throw new FakeException("Declared is a list of " + typeof(T) + ", the fake gave " + value.GetType() + ".");
            var made = new List<T>(found.Length);
            foreach (var item in found) made.Add(As<T>(item));
            return made;
        }

        public static T[] Array<T>(object value) { var made = List<T>(value); return made == null ? null : made.ToArray(); }

        public static IEnumerator<T> Each<T>(IProxy target)
        {
            var iterator = (long)Asked("iterate", target.Number, "");
            while (true)
            {
                var next = (object[])Asked("next", iterator, "");
                if (next.Length == 0) yield break;
                yield return As<T>(next[0]);
            }
        }

        /// An argument of a declared type: numbers go as they are.
        public static object Plain(object value)
        {
            if (value == null || value is string || value.GetType().IsPrimitive) return value;
            return Encoded(value);
        }

        /// An argument that is declared as object: a number keeps its .NET type; one of Python's own stays what it is.
        public static object Boxed(object value)
        {
            if (value != null && value.GetType().IsPrimitive && !(value is bool) && !(value is double) && !(value is float) && !(value is char))
                return new Token("Int32", value.GetType().Name, value is ulong ? unchecked((long)(ulong)value) : Convert.ToInt64(value), null);
            return Plain(value);
        }

        static object Encoded(object value)
        {
            if (value is IProxy) return new Token("Proxy", value.GetType().FullName, ((IProxy)value).Number, null);
            if (value is IValue) return new Token("Value", value.GetType().FullName, 0, ((IValue)value).Parts);
            if (value is Array && value.GetType().GetElementType().IsValueType) return Encoded((Array)value);
            if (value is Enum) return new Token("Enum", value.GetType().FullName, Convert.ToInt64(value), value.ToString());
            if (value is FileInfo || value is DirectoryInfo) return new Token(value.GetType().Name, value.ToString(), 0, null);
            if (value is Exception) return new Token("Exception", ((Exception)value).Message, 0, null);
            if (value is DateTime) return new Token("DateTime", "", ((DateTime)value).ToUniversalTime().Ticks, null);
            if (value is TimeSpan) return new Token("TimeSpan", "", ((TimeSpan)value).Ticks, null);
            if (value is Guid || value is Version || value is System.Globalization.CultureInfo) return new Token(value.GetType().Name, value.ToString(), 0, null);
            if (value is SecureString) return new Token("SecureString", Opened((SecureString)value), 0, null);
            if (value is Type) return new Token("Type", ((Type)value).FullName, 0, null);
            if (value is Delegate) return new Token("Delegate", value.GetType().FullName, 0, value);
            if (value is IEnumerable && !value.GetType().FullName.StartsWith("Python."))
            {
                var made = new List<object>();
                foreach (var item in (IEnumerable)value) made.Add(Plain(item));
                return new Token("List", "", made.Count, made.ToArray());
            }
            if (value.GetType().IsGenericType && value.GetType().GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            {
                var kind = value.GetType();
                return new Token("Pair", "", 2, new object[] { Plain(kind.GetProperty("Key").GetValue(value, null)), Boxed(kind.GetProperty("Value").GetValue(value, null)) });
            }
            return value;
        }

        static Token Encoded(Array values)
        {
            var made = new object[values.Length];
            for (var i = 0; i < made.Length; i++) made[i] = Plain(values.GetValue(i));
            return new Token("Array", values.GetType().GetElementType().FullName, made.Length, made);
        }

        static string Opened(SecureString secret)
        {
            var memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
            try { return Marshal.PtrToStringUni(memory); }
            finally { Marshal.ZeroFreeGlobalAllocUnicode(memory); }
        }
    }
}
