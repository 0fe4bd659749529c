"""What the exceptions of Python, NumPy, TensorFlow, Keras and torch usually mean, in Spanish."""

import re

_SHAPE = re.compile(r"\((?:\d+, ?)+\d*\)|(?<!In)\[(?:\d+, ?)*\d+\]|\b\d+x\d+\b")


def shapes_in(text: str) -> str:
    """The first two shapes that a message tells, in brackets; empty where it has none."""
    found = _SHAPE.findall(text)
    return f" (son {found[0]} y {found[1]})" if len(found) > 1 else ""


# What torch and TensorFlow say where there is no GPU.
GPU = (
    r"not compiled with CUDA|No CUDA GPUs|NVIDIA driver|GPU device not found|"
    r"device matching .*GPU|unknown device .*GPU|torch\.cuda\.is_available\(\) is False"
)

# What notebooks call the libraries that their authors forget to import.
LIBRARIES = (
    "F|K|collections|copy|csv|functools|itertools|json|keras|layers|math|nn|np|numpy|optim|os|"
    "pandas|pd|plt|px|random|re|scipy|sklearn|sns|stats|sys|tf|time|torch|warnings"
)

SHAPES = (
    r"could not be broadcast|shapes? .*not aligned|mismatch in its core|[Ii]ncompatible shapes|"
    r"cannot be multiplied|must match the size|Matrix size-incompatible|Shape mismatch|"
    r"shape mismatch|dimensions of all inputs must match|must match exactly|"
    r"must have same number of dimensions|target size .* different|must have the same shape|"
    r"[Ss]izes of tensors must match|Dimensions must be equal|has different ndims|"
    r"^Shapes \S.{0,40} are incompatible|shapes must be equal"
)
SHAPES_SENTENCE = (
    "Las formas de dos arrays no encajan{0}: imprime sus `shape` antes de operar con ellos."
)

# Kind of exception (or of a class above it), pattern in its message, sentence; the first that
# fits wins. The pattern's groups stand in the sentence.
MEANINGS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("KeyboardInterrupt",),
        "",
        "Tu código se interrumpió antes de terminar: ¿hay un bucle que no termina? Mira qué lo "
        "detiene y si eso cambia en cada vuelta.",
    ),
    (
        ("UnboundLocalError",),
        r"'(\w+)'",
        "Tu función usa `{0}` antes de darle un valor: asígnalo primero, dentro de la función.",
    ),
    (
        ("NameError",),
        rf"'({LIBRARIES})' is not",
        "No existe `{0}`, que parece una biblioteca: ejecuta la celda de preparación; si ella no "
        "la importa, impórtala en tu celda.",
    ),
    (
        ("NameError",),
        r"'(\w+)'",
        "No existe `{0}`: ejecuta primero la celda que lo define (si esa celda da error, "
        "corrígela) y revisa que el nombre esté bien escrito.",
    ),
    (
        ("ModuleNotFoundError",),
        r"'([\w.]+)'",
        "No hay ninguna biblioteca `{0}`: ¿está bien escrita? Lo que necesitas ya se importa en "
        "la celda de preparación.",
    ),
    (
        ("FileNotFoundError",),
        r"'(.+)'|^(\S+) not found",
        "No existe el archivo {0}: revisa su nombre y su carpeta.",
    ),
    # -- what ends a program, or waits for a person ---------------------------------------------
    (
        ("SystemExit",),
        "",
        "Tu código termina el programa (`exit()`, `quit()` o `sys.exit()`): quita esa llamada.",
    ),
    (
        ("BdbQuit",),
        "",
        "Quedó una parada del depurador en tu código (`breakpoint()` o `set_trace()`): quítala.",
    ),
    (
        ("StdinNotImplementedError", "EOFError"),
        r"input requests|EOF when reading a line",
        "Tu código espera que alguien escriba (`input()`), y aquí nadie puede: pon el valor en el "
        "código.",
    ),
    (
        ("IndentationError",),
        "",
        "La sangría de esa línea no encaja con la de las líneas que tiene encima.",
    ),
    (
        ("SyntaxError",),
        "",
        "Python no entiende esa línea: revisa en ella y en la anterior paréntesis, comillas, comas "
        "y dos puntos.",
    ),
    (
        ("UsageError",),
        r"not found",
        "Ese comando de Jupyter (los que empiezan con `%`) aquí no existe: ¿está bien escrito?",
    ),
    (
        ("AssertionError", "RuntimeError", "ValueError", "InvalidArgumentError"),
        GPU,
        "Tu código pide una GPU y aquí no hay ninguna: usa la CPU.",
    ),
    (
        ("Error",),
        r"unsupported locale setting",
        "Tu código pide una configuración regional (`locale`) que aquí no está instalada.",
    ),
    # -- None --------------------------------------------------------------------------------
    # What the message does not say, the sentence must not claim: a None may come of a function
    # without ``return``, of a gradient that did not arrive, of a dictionary's ``get``.
    (
        ("AttributeError",),
        r"'NoneType' object has no attribute '(zero_|data|detach)'",
        "Buscas `{0}` en un None: un gradiente (`grad`) es None mientras `backward` no llegue a "
        "ese tensor.",
    ),
    (
        ("AttributeError",),
        r"'NoneType' object has no attribute '(\w+)'",
        "Buscas `{0}` en un None: ¿lo devolvió una función sin `return`, o es un gradiente que no "
        "llegó?",
    ),
    (
        ("TypeError",),
        r"Argument `target` should be .*received None",
        "Pides el gradiente de un None: ¿tiene `return` la función que calcula la pérdida?",
    ),
    (
        ("TypeError",),
        r"'NoneType' object is not callable",
        "Llamas a un None como si fuera una función: ¿tiene `return` la función que debía "
        "devolverla?",
    ),
    (
        ("TypeError", "ValueError"),
        r"None values not supported|convert a value \(None\) with an unsupported type",
        "TensorFlow recibió un None donde va un tensor: ¿falta un argumento (las etiquetas de "
        "`fit`), un `return`, o es un gradiente que no llegó?",
    ),
    (
        ("TypeError", "ValueError"),
        r"(?:operand type|not supported between).*NoneType|value \(None\)",
        "Operas con un None: o lo devolvió una función sin `return`, o es un gradiente que no "
        "llegó (una pérdida calculada fuera de la cinta, un `backward` que falta, o una variable "
        "que `w = w - …` reemplazó por un tensor).",
    ),
    (
        ("TypeError",),
        r"NoneType",
        "Usas un None como si fuera una lista o un array: ¿lo devolvió una función sin `return`?",
    ),
    (
        ("ValueError",),
        r"No gradients provided",
        "No llegó ningún gradiente, solo None: calcula la pérdida dentro de la cinta y con las "
        "variables que quieres cambiar.",
    ),
    # -- calls -------------------------------------------------------------------------------
    (
        ("TypeError",),
        r"apply_gradients\(\) takes",
        "`apply_gradients` recibe una sola cosa, una lista de pares (gradiente, variable): "
        "`zip(gradientes, variables)`.",
    ),
    (
        ("TypeError",),
        r"Cannot iterate over a scalar tensor",
        "Recorres un tensor que es un solo número. Si llamas a `apply_gradients`: recibe una lista "
        "de pares, `[(gradiente, variable)]`.",
    ),
    (
        ("TypeError",),
        r"Scalar tensor has no `len\(\)`",
        "Un tensor que es un solo número no tiene largo. Si llamas a `apply`: recibe dos listas, "
        "`[gradiente]` y `[variable]`.",
    ),
    (
        ("ValueError",),
        r"Unknown variable: .*originally built with",
        "El optimizador ya sigue a otra variable: crea la tuya una sola vez, antes del bucle, y "
        "cambia siempre la misma.",
    ),
    (
        ("ValueError",),
        r"Could not interpret (\w+) identifier: <class '[\w.]*?(\w+)'>",
        "Keras recibió la clase `{1}` y espera un objeto: créalo con paréntesis, `{1}(…)`.",
    ),
    (
        ("AttributeError",),
        r"EagerTensor' object has no attribute '_unique_id'",
        "El optimizador recibió un tensor donde va una variable: cada par es (gradiente, variable) "
        "en ese orden, y `w = w - …` reemplaza la variable por un tensor.",
    ),
    (
        ("AttributeError",),
        r"'(\w+)' object has no attribute 'minimize'",
        "`{0}` no tiene `minimize` en Keras 3: calcula el gradiente con una cinta y dáselo a "
        "`apply_gradients`.",
    ),
    (
        ("TypeError",),
        r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'",
        "`{0}` no tiene ningún argumento `{1}`: revisa cómo se escribe.",
    ),
    (
        ("TypeError",),
        r"(mean|sum|max|min|std|var|prod|argmax|argmin|cumsum|all|any)\(\) got an unexpected "
        r"keyword argument '(?:axis|dtype|out)'$",
        "NumPy pide `{0}` con sus propios argumentos a algo que no los entiende: si le diste un "
        "tensor de torch a `np.{0}`, usa `torch.{0}`.",
    ),
    (
        ("TypeError",),
        r"(\w+)\(\) got an unexpected keyword argument '(\w+)'",
        "La función `{0}` no tiene ningún argumento `{1}`: revisa cómo se escribe.",
    ),
    (
        ("TypeError",),
        r"([\w<>]+)\(\) (?:takes|missing)|(\w+)\(\) received an invalid combination",
        "`{0}` recibe otros argumentos que los de esta llamada: si es tu función, compárala con el "
        "enunciado; si es de una biblioteca, mira qué argumentos pide.",
    ),
    (
        ("ValueError",),
        r"Argument\(s\) not recognized: \{'lr'",
        "Keras no conoce el argumento `lr`: la tasa de aprendizaje se llama `learning_rate`.",
    ),
    (
        ("ValueError",),
        r"Argument\(s\) not recognized: \{'(\w+)'",
        "Keras no conoce el argumento `{0}`: revisa cómo se escribe.",
    ),
    (
        ("ValueError",),
        r"Argument `(\w+)` should be|invalid value for `(\w+)`",
        "El argumento `{0}` recibió un valor que no admite: mira de qué tipo es y si puede valer "
        "eso.",
    ),
    (
        ("ValueError",),
        r"Cannot convert '([^']+)' to a shape",
        "Keras espera una forma y recibió `{0}`: una forma es una tupla, como en "
        "`keras.Input(shape=(4,))`.",
    ),
    (
        ("Warning",),
        r"Do not pass an `input_shape`",
        "Una capa de Keras 3 no lleva `input_shape` ni `input_dim`: la forma de la entrada la dice "
        "`keras.Input(shape=…)`, la primera del modelo.",
    ),
    (
        ("TypeError",),
        r"params argument given to the optimizer",
        "El optimizador espera una lista de parámetros: `model.parameters()`, o `[w, b]`.",
    ),
    (
        ("ValueError",),
        r"Passed in object .* of type '(\w+)', not tf\.Tensor",
        "La cinta sigue a tensores y variables, y recibió un `{0}`: conviértelo con `tf.constant` "
        "o `tf.Variable`.",
    ),
    (
        ("ValueError",),
        r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'",
        "`{0}` no tiene ningún argumento `{1}`: revisa cómo se escribe.",
    ),
    (
        ("ValueError",),
        r"Could not interpret (\w+).*identifier: '?(\w+)",
        "Keras no conoce ningún «{1}» ({0}): revisa cómo se escribe.",
    ),
    (
        ("TypeError",),
        r"must be Tensor, not (?:numpy\.)?(\w+)",
        "torch espera un tensor y recibió un `{0}`: conviértelo con `torch.as_tensor(…)`.",
    ),
    (
        ("TypeError",),
        r"'([\w.]+)' object is not callable",
        "Pones paréntesis detrás de un `{0}`, que no es una función: para un elemento van "
        "corchetes, y el nombre de una función no debe usarse para un valor.",
    ),
    # -- shapes ------------------------------------------------------------------------------
    (("Exception",), SHAPES, SHAPES_SENTENCE),
    (
        ("Exception",),
        r"cannot reshape array|Input to reshape|is invalid for input of size",
        "No se puede cambiar a esa forma: la cantidad de elementos tiene que ser la misma antes "
        "y después.",
    ),
    (
        ("ValueError",),
        r"Input 0 .*is incompatible",
        "La capa espera entradas de otra forma: compara la forma de tus datos, sin contar los "
        "ejemplos, con la que dice `keras.Input`.",
    ),
    (
        ("ValueError",),
        r"cardinality is ambiguous",
        "Las entradas y las respuestas no tienen la misma cantidad de ejemplos.",
    ),
    (
        ("Exception",),
        r"inhomogeneous|setting an array element with a sequence",
        "No se puede armar un array con filas de distinto largo, ni guardar varios números en "
        "el lugar de uno.",
    ),
    (
        ("ValueError", "RuntimeError", "TypeError", "OperatorNotAllowedInGraphError"),
        r"truth value of an array|value of Tensor with more than one|"
        r"a symbolic .*as a Python `?bool",
        "Python no sabe si un array entero es verdadero. Si lo preguntas tú, compara número por "
        "número (`np.where`, `tf.where`, `torch.where`) o resúmelo con `.all()` o `.any()`; si lo "
        "pregunta una biblioteca, recibió un array donde va otra cosa, como en `nn.BCELoss(p, y)` "
        "por `nn.BCELoss()(p, y)`.",
    ),
    (
        ("Exception",),
        r"only (?:0-dimensional|size-1|length-1) arrays|cannot be converted to (?:a )?Scalar",
        "Se necesita un solo número y hay un array de varios: ¿falta una suma o una media, o usas "
        "`math` donde va NumPy?",
    ),
    (
        ("ValueError", "TypeError"),
        r"unpack",
        "Se esperaba otra cantidad de valores: revisa cuántos devuelve tu `return`.",
    ),
    # -- positions ---------------------------------------------------------------------------
    (
        ("IndexError",),
        r"too many indices.*(\d+)-dimensional, but (\d+)",
        "Usas {1} índices en un array de {0} eje(s): mira su `shape`.",
    ),
    (
        ("ValueError", "IndexError"),  # NumPy's AxisError is both
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "Pides el eje {0} de un array que tiene {1} eje(s): se cuentan desde 0.",
    ),
    (
        ("IndexError",),
        r"Dimension out of range.*got (-?\d+)",
        "Pides el eje {0}, que ese tensor no tiene: los ejes se cuentan desde 0.",
    ),
    (
        ("IndexError", "TypeError"),
        r"only integers, slices|indices must be integers|as an integer",
        "Una posición o una cantidad tiene que ser un número entero: usa `int(…)` o la división "
        "`//`.",
    ),
    (
        ("IndexError", "InvalidArgumentError"),
        r"^(?!.*[Dd]imension out of range).*(?:out of (?:range|bounds)|slice index|indices)|^$",
        "Tu código pide una posición que no existe en el array o la lista.",
    ),
    (("KeyError",), r"(.+)", "Tu código busca la clave {0}, que no existe."),
    (
        ("StopIteration",),
        "",
        "Tu código pide un elemento más a algo que ya no tiene: ¿está vacío?",
    ),
    # -- types of numbers --------------------------------------------------------------------
    (
        ("RuntimeError",),
        r"could not infer output dtype",
        "Promedias un tensor de enteros o de booleanos: pásalo antes a decimales.",
    ),
    (
        ("InvalidArgumentError", "TypeError"),
        r"expected to be an? (\w+) tensor but is an? (\w+) tensor",
        "TensorFlow no mezcla tipos de número y aquí hay `{0}` y `{1}`: pasa uno al tipo del otro "
        "con `tf.cast`.",
    ),
    (
        ("ValueError",),
        r"Tensor conversion requested dtype (\w+) for Tensor with dtype (\w+)",
        "TensorFlow no mezcla tipos de número: aquí va `{0}` y llegó `{1}`; pásalo con `tf.cast`.",
    ),
    (
        ("InvalidArgumentError", "TypeError"),
        r"of (\w+) is not in the list of allowed values: ([\w, ]+)",
        "TensorFlow no acepta aquí números de tipo `{0}` (acepta {1}): conviértelos con `tf.cast`.",
    ),
    (
        ("RuntimeError",),
        r"Found dtype (\w+) but expected (\w+)|have the same dtype, but got:? (\w+).* (\w+)$|"
        r"expected scalar type (\w+) but found (\w+)",
        "torch no mezcla tipos de número y aquí hay `{0}` y `{1}`: conviértelos con `.float()` o "
        "`.to(dtype)`.",
    ),
    (
        ("TypeError",),
        r"Cannot cast ufunc",
        "Guardas decimales en un array de enteros: haz la operación en un array nuevo, sin `+=`, "
        "`-=` ni `/=`.",
    ),
    (
        ("TypeError", "ValueError"),
        r"could not convert string|did not contain a loop|to str\b|'str' and|and 'str'",
        "Operas con texto como si fuera un número: conviértelo antes con `float(…)`.",
    ),
    (
        ("TypeError",),
        r"unsupported operand.*'list'|can only concatenate list|multiply sequence",
        "Las listas no saben de aritmética: conviértela antes con `np.array(…)`.",
    ),
    (
        ("TypeError",),
        r"bitwise_xor|unsupported operand type\(s\) for \^",
        "En Python `^` no eleva a una potencia: se escribe `**`.",
    ),
    (
        ("TypeError",),
        r"unsupported operand type\(s\) for (.+): '([\w.]+)' and '([\w.]+)'",
        "La operación {0} no existe entre un `{1}` y un `{2}`: mira qué hay en cada variable.",
    ),
    # -- gradients ---------------------------------------------------------------------------
    (
        ("RuntimeError",),
        r"non-persistent GradientTape",
        "Cada cinta da sus gradientes una sola vez: pídelos todos juntos, en una lista.",
    ),
    (
        ("TypeError",),
        r"argument `type_value`: (-?[\d.]+) to a TensorFlow DType",
        "TensorFlow recibió el número {0} donde eso no va: una cinta, por ejemplo, deriva respecto "
        "de tensores y variables, no de números de Python.",
    ),
    (
        ("RuntimeError",),
        r"does not require grad",
        "Ese valor no guarda de dónde salió y no se puede derivar: ¿usaste `detach`, `item`, "
        "`numpy` o `no_grad` en el camino?",
    ),
    (
        ("RuntimeError",),
        r"Can't call numpy\(\) on Tensor that requires grad",
        "Un tensor que lleva gradiente no pasa a NumPy: sepáralo antes con `.detach()`.",
    ),
    (
        ("RuntimeError",),
        r"backward through the graph a second time",
        "Llamas dos veces a `backward` para el mismo cálculo: repite también la predicción y la "
        "pérdida en cada paso.",
    ),
    (
        ("RuntimeError",),
        r"in-place operation|modified by an inplace",
        "Cambias en su sitio un tensor que lleva gradiente: haz el cambio dentro de "
        "`torch.no_grad()`, o en un tensor nuevo.",
    ),
    (
        ("RuntimeError",),
        r"grad can be implicitly created only for scalar",
        "`backward` parte de un solo número: resume la pérdida con una media o una suma.",
    ),
    # -- models ------------------------------------------------------------------------------
    (
        ("ValueError", "RuntimeError"),
        r"must call `compile|must compile your model",
        "Falta compilar el modelo con `compile` antes de usarlo.",
    ),
    (
        ("ValueError",),
        r"No loss to compute",
        "El modelo no sabe qué pérdida minimizar: falta `loss` en `compile`.",
    ),
    (
        ("ValueError",),
        r"You must pass a `shape` argument",
        "`Input` no dice qué forma tiene un ejemplo: falta `shape`, una tupla.",
    ),
    (
        ("ValueError",),
        r"Only instances of `keras.Layer` can be added .*Received: (\S+)",
        "Un modelo de Keras se arma con capas, y entre ellas hay otra cosa: `{0}`.",
    ),
    (
        ("ValueError",),
        r"isn't built|has not (?:yet )?been built",
        "El modelo aún no tiene pesos: empieza con `keras.Input(shape=…)`.",
    ),
    (
        ("AttributeError",),
        r"before Module.__init__",
        "Falta llamar a `super().__init__()` en la primera línea de `__init__`.",
    ),
    (
        ("NotImplementedError",),
        r'"forward" function',
        "A tu módulo le falta el método `forward`, o está mal escrito o mal sangrado.",
    ),
    (
        ("ValueError",),
        r"empty parameter list",
        "El optimizador no recibió ningún parámetro: pásale `model.parameters()`.",
    ),
    (
        ("RuntimeError",),
        r"should be between 0 and 1",
        "La pérdida espera probabilidades entre 0 y 1: ¿falta la sigmoide?",
    ),
    # -- kinds of things ---------------------------------------------------------------------
    (
        ("TypeError", "ValueError", "AttributeError"),
        r"item assignment|read-only|__setitem__",
        "Eso no se puede cambiar elemento por elemento (es una tupla o un tensor que no cambia): "
        "crea uno nuevo.",
    ),
    (
        ("AttributeError",),
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` no tiene `{1}`: ¿está bien escrito, o es de otra biblioteca?",
    ),
    (
        ("AttributeError",),
        r"EagerTensor' object has no attribute '(assign\w*)'",
        "Un tensor no tiene `{0}`: para cambiarlo crea una `tf.Variable`, y cámbiala con "
        "`assign_sub`, porque `w = w - …` deja un tensor en su lugar.",
    ),
    (
        ("AttributeError",),
        r"EagerTensor' object has no attribute '(\w+)'",
        "Un tensor de TensorFlow no tiene `{0}`: mira qué operación de `tf` hace eso.",
    ),
    (
        ("AttributeError",),
        r"'([\w.]+)' object has no attribute '(\w+)'",
        "Un objeto de tipo `{0}` no tiene `{1}`: mira qué hay en esa variable y qué devuelve tu "
        "función.",
    ),
    (
        ("TypeError",),
        r"'([\w.]+)' object is not (?:subscriptable|iterable)|iterable, not (\w+)|"
        r"of type '(\w+)' has no len",
        "Tratas un `{0}` como si fuera una lista o un array: mira qué hay en esa variable.",
    ),
    # -- arithmetic and limits ---------------------------------------------------------------
    (("ZeroDivisionError",), "", "Tu código divide por cero."),
    (
        ("OverflowError",),
        "",
        "Un número se hizo más grande de lo que cabe: ¿una exponencial de algo muy grande?",
    ),
    (
        ("ValueError",),
        r"math domain error",
        "Un logaritmo o una raíz recibió un número que no admite: ¿cero, o negativo?",
    ),
    (
        ("ValueError",),
        r"convert float (?:NaN|infinity)",
        "Un resultado es NaN o infinito: busca una división por cero o un logaritmo de cero.",
    ),
    (
        ("CallTimeout",),
        "",
        "Tu código tardó demasiado y se detuvo: ¿hay un bucle que no termina?",
    ),
    (("DeadKernelError",), r"(.+)", "{0}"),
    (("RecursionError",), "", "Tu función se llama a sí misma sin fin."),
    (("MemoryError",), "", "Tu código pide más memoria de la que hay: revisa las formas."),
)
